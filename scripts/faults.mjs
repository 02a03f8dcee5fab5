// `npm run faults`: what may go wrong goes wrong, in real processes. `-- --long` does it thoroughly, `-- --seed 7` repeats
// a history, further words choose files: `npm run faults -- --long kills`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const words = process.argv.slice(2);
const long = words.includes('--long');
const seed = words.includes('--seed') ? words[words.indexOf('--seed') + 1] : undefined;
const files = words.filter((word) => !word.startsWith('--') && word !== seed);
const child = spawn(
  runtime(),
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    'faults/vitest.config.ts',
    ...files,
  ],
  {
    cwd: root,
    env: runtimeEnvironment({ ...(long && { FAULTS_LONG: 'true' }), ...(seed && { FAULTS_SEED: seed }) }),
    stdio: 'inherit',
  },
);
child.once('exit', (code) => process.exit(code ?? 1));
