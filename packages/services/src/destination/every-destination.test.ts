// A sync from the sample to every destination: all people arrive but one, and the run says why in the vendor's words.
import { destinationDefinitions } from '@sluice/connectors/registry';
import { ListRunRows } from '@sluice/domain/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listReasons } from '../run/list-reasons.ts';
import { listRunRows } from '../run/list-run-rows.ts';
import { createSource } from '../source/create-source.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import {
  absentDestinations,
  type SampleDestination,
  sampleDestinations,
} from '../testing/sample-destinations.ts';
import { createDestination } from './create-destination.ts';

/** What is said of the row that is refused. */
const refusals: Readonly<Record<string, string>> = {
  // The words of vendors and servers.
  hubspot: 'HubSpot: Property values were not valid: Email address nobody is invalid',
  salesforce: 'Required fields are missing: [LastName] (LastName)',
  braze: "'email' is not a valid email address",
  klaviyo: 'Klaviyo: Invalid email address: nobody',
  'customer-io': 'email: is not a valid address',
  slack: 'Slack: message_limit_exceeded',
  kafka: 'The request included a message larger than the max message size the server will accept',
  redis:
    'The key holds a value of another kind (WRONGTYPE Operation against a key holding the wrong kind of value). Use another key prefix, or delete the key.',
  mysql: "Data too long for column 'name' at row 1",
  postgresql: 'name: value too long for type character varying(40).',
  'http-request': 'HTTP 422: nobody is not a person',
  // Our own, of destinations that say nothing about single rows, or cut what does not fit: such a row is not sent.
  'google-sheets': '"name" has 50001 characters; a cell holds 50,000.',
  'meta-audiences': 'The row holds nothing that Meta could match by.',
  rudderstack: 'The row has no id.',
  segment: 'The row has no id.',
  'amazon-s3': '"name": the value is not a whole number of 64 bits.',
  sftp: '"name": the value is not a whole number of 64 bits.',
};

const types = Object.keys(sampleDestinations).filter((type) => !absentDestinations.includes(type));
let world: TestWorld;
let sourceId: number;
const destinations = new Map<string, SampleDestination>();

beforeAll(async () => {
  for (const type of types) {
    const start = sampleDestinations[type];
    if (start) destinations.set(type, await start());
  }
  world = await openTestWorld({
    environment: { REQUEST_TIMEOUT_MS: '10000' },
    allow: [...destinations.values()].map(({ allow }) => allow),
  });
  sourceId = (await createSource(world.ctx, world.actor, { name: 'Shop', type: 'sample', configuration: {} }))
    .id;
}, 120_000);
afterAll(async () => {
  await world.close();
  for (const { close } of destinations.values()) await close();
});

test('none is left out', () => {
  if (absentDestinations.length > 0)
    process.stdout.write(
      `  Not tried, because nothing answers on this machine: ${absentDestinations.join(', ')}.\n`,
    );
  expect(Object.keys(sampleDestinations).sort()).toEqual(Object.keys(destinationDefinitions).sort());
});

test.each(types)('%s', async (type) => {
  const one = destinations.get(type) as SampleDestination;
  const { ctx, actor } = world;
  const { id: to } = await createDestination(ctx, actor, {
    name: type,
    type,
    configuration: { ...one.configuration },
  });
  const sql = `
    SELECT nth, CASE WHEN nth = 3 THEN ${one.bad.id} ELSE ${one.good.id} END AS id,
      CASE WHEN nth = 3 THEN ${one.bad.name} ELSE ${one.good.name} END AS name
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM shop.users
      WHERE regexp_full_match(email, '[a-z.0-9]+@[a-z0-9.-]+') AND length(trim(first_name)) > 2)
    WHERE nth <= 6 ORDER BY nth`;
  const modelId = await world.model({ sql, sourceId, primaryKey: 'nth' });
  const sync = await world.sync({ modelId, to, configuration: one.sync });
  const run = await world.run(sync.id);
  const nothing = { changed: 0, removed: 0 };
  expect(run).toMatchObject({
    status: 'warning',
    error: null,
    counts: { delivered: { added: 5, ...nothing }, rejected: { added: 1, ...nothing } },
  });
  // In the list of reasons, and with the row itself.
  const message = refusals[type];
  expect(await listReasons(ctx, actor, { runId: run.id })).toMatchObject([
    { outcome: 'rejected', message, count: 1, examples: ['3'] },
  ]);
  const asked = ListRunRows.parse({ runId: run.id, outcome: 'rejected' });
  const { items } = await listRunRows(ctx, actor, asked);
  expect(items).toMatchObject([{ key: '3', outcome: 'rejected', message }]);
  // The refused row comes again by itself, alone.
  const again = await world.run(sync.id);
  expect(again.counts).toMatchObject({
    planned: { added: 1, ...nothing },
    rejected: { added: 1 },
    unchanged: 5,
  });
});
