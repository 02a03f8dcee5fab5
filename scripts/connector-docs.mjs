// `npm run docs:connectors`: writes the README.md of docs/sources and docs/destinations from the definitions.
import { spawnSync } from 'node:child_process';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const result = spawnSync(runtime(), ['packages/connectors/src/write-connector-pages.ts'], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
