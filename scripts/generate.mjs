// Generates the Prisma client. The command only wants a schema-engine binary to exist; generating never runs it, so
// where none can be downloaded this script's own interpreter stands in for it.
import { spawnSync } from 'node:child_process';

const result = spawnSync('prisma', ['generate', '--schema', 'prisma/schema.prisma'], {
  stdio: ['ignore', 'pipe', 'pipe'],
  encoding: 'utf8',
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
if (result.status !== 0) {
  process.stderr.write(`${result.stdout}\n${result.stderr}\n`);
  process.exit(result.status ?? 1);
}
