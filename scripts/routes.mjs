// `npm run routes`: prints every procedure of the console's API and every REST route with its permission, as JSON.
import { spawnSync } from 'node:child_process';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const result = spawnSync(runtime(), ['packages/api/src/print-routes.ts'], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
