// `npm start`: from a fresh clone to a running Sluice.
import { spawn } from 'node:child_process';
import { assertNode, buildConsole, generate, install } from './prepare.mjs';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

try {
  assertNode();
  process.stdout.write('\n  Sluice\n\n');
  await install();
  await generate();
  await buildConsole();
} catch (error) {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : error}\n\n`);
  process.exit(1);
}

const supervisor = spawn(runtime(), ['apps/supervisor/src/main.ts'], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
// Ctrl-C reaches the supervisor by itself; this process only waits for it to have stopped everything.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) supervisor.kill(signal);
  });
}
supervisor.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
