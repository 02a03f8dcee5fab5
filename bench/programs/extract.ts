// A whole table out of a source: into the planner's spool by the product, or counted by a bare loop over the driver's own
// stream.
import { stat } from 'node:fs/promises';
import type { ConnectContext } from '@sluice/connectors/kit/context';
import { createEgress } from '@sluice/connectors/kit/egress';
import { sourceDefinitions } from '@sluice/connectors/registry';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { rawStreams } from '../sources/raw-streams.ts';
import { measure, startWatch } from './measure.ts';

interface Input {
  readonly slug: string;
  readonly by: 'driver' | 'product';
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly table: string;
  readonly rows: number;
  readonly path: string;
}

await measure(async ({ slug, by, configuration, table, rows, path }: Input) => {
  trustTestAuthority();
  const statement = `select * from ${table}`;
  const read = async (): Promise<void> => {
    if (by === 'product') {
      const spooled = await spool(slug, configuration, statement, path);
      if (spooled !== rows) throw new Error(`${slug}: ${spooled} rows were spooled instead of ${rows}.`);
      if ((await stat(path)).size < rows * 50) throw new Error(`${slug}: the spool is too small.`);
    } else if (((await rawStreams[slug]?.(configuration, statement)) ?? 0) < rows * 50) {
      throw new Error(`${slug}: too little came.`);
    }
  };
  // Warm: a worker is.
  await read();
  const watch = startWatch();
  await read();
  await read();
  return watch();
});
process.exit(0);

async function spool(
  slug: string,
  configuration: Input['configuration'],
  sql: string,
  path: string,
): Promise<number> {
  const definition = sourceDefinitions[slug];
  if (!definition) throw new Error(`There is no source ${slug}.`);
  const ports = JSON.stringify(configuration).matchAll(/127\.0\.0\.1:(\d+)/g);
  const egress = createEgress({ allow: [...ports].map(([hostPort]) => hostPort), deny: [] });
  const context: ConnectContext = {
    signal: new AbortController().signal,
    // Everything is asked at ports of this machine.
    egress: { ...egress, resolve: () => Promise.resolve({ address: '127.0.0.1', family: 4 }) },
    label: 'bench',
    timeouts: { connectMs: 10_000, requestMs: 60_000, queryMs: 600_000 },
    sampleDirectory: '',
  };
  const connection = definition.open({ ...configuration }, context);
  try {
    return (await connection.spool({ queryType: 'raw_sql', sql }, path, () => undefined)).rows;
  } finally {
    await connection.close();
    await egress.close();
  }
}
