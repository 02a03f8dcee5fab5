// `npm run bench`: what the machine can do and what the product does, case by case, in the same minute. Not part of the
// tests: it measures the machine as much as the code. Options: --case <name> --rows <n> --repeat <n> --large.
import { spawnSync } from 'node:child_process';
import { root, runtime, runtimeEnvironment } from '../scripts/runtime.mjs';

const result = spawnSync(runtime(), ['bench/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
