// `npm run keys:rotate`, with DATABASE_URL and ENCRYPTION_KEYS (new key first) in the environment.
import { spawnSync } from 'node:child_process';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const result = spawnSync(runtime(), ['apps/supervisor/src/rotate-keys.ts'], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
