// `npm run docs:connectors`: writes docs/destinations/README.md from the definitions.
import { spawnSync } from 'node:child_process';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const result = spawnSync(runtime(), ['packages/connectors/src/write-destination-page.ts'], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
