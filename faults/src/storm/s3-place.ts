import { startS3Server } from '@sluice/testing/s3/s3-server';
import { changesOf, differences, rowsIn } from './file-rows.ts';
import type { Place } from './place.ts';

const faults = [
  'slow_down',
  'internal',
  'denied',
  'reset_before',
  'reset_after',
  'reset_after',
  'hang',
] as const;

/** A bucket that judges signatures and sums. */
export async function openS3Place(): Promise<Place> {
  const server = await startS3Server();
  const files = () =>
    new Map([...(server.buckets.get('acme')?.objects ?? [])].map(([key, { bytes }]) => [key, bytes]));
  return {
    ports: [server.port],
    configuration: {
      ...{ bucket: 'acme', region: 'us-east-1', pathStyle: true, endpoint: server.url },
      ...{ accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
    },
    sync: differences,
    misbehave: (chance) => server.misbehave(chance.pick(faults), 'PutObject', chance.between(1, 5)),
    clear: () => server.behave(),
    cut: () => server.breakAll(),
    held: async () => rowsIn(files()),
    taken: async () => changesOf(files()),
    close: () => server.close(),
  };
}
