// `npm run migration -- add_labels`: writes the SQL that takes the migrated database to what schema.prisma says.
import { spawnSync } from 'node:child_process';
import { root, runtime, runtimeEnvironment } from './runtime.mjs';

const result = spawnSync(runtime(), ['packages/testing/src/write-migration.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
