// `npm run bench:api`: the REST API at 50 requests/s with 5,000 syncs, 100,000 runs and a sync running, beside a bare
// node + pg server of the same minute. Not part of the tests: it measures the machine as much as the code.
import { spawnSync } from 'node:child_process';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const result = spawnSync(runtime(), ['packages/api/src/testing/bench-api.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
