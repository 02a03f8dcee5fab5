// Sequences as files: by slug, applied once, checked before anything is sent.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSequence } from '@sluice/services/sequence/create-sequence';
import { listSequences } from '@sluice/services/sequence/list-sequences';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliWorld, edit, openCliWorld } from './open-cli-world.ts';

let world: CliWorld;
let directory: string;
let secrets: Record<string, string>;
const sluice = (...args: string[]) => world.sluice(args, secrets);
const at = (file: string) => join(directory, file);
const writes = () => world.asked.filter((line) => !line.startsWith('GET'));
const file = 'sequences/nightly.yaml';

beforeAll(async () => {
  world = await openCliWorld({ workers: 0 });
  const modelId = await world.model({ sql: 'select 1 as id' });
  const configuration = { object: 'request', mode: 'trigger', triggers: ['added'] } as const;
  const options = { added: { method: 'POST', url: '/rows' } };
  const syncs = [];
  for (let count = 0; count < 2; count += 1) {
    const input = { ...configuration, triggers: [...configuration.triggers], options };
    syncs.push(await world.sync({ modelId, to: 'http', configuration: input }));
  }
  const [first, second] = syncs;
  await createSequence(world.ctx, world.actor, {
    name: 'Nightly',
    steps: [
      { syncId: first?.id ?? 0, policy: { type: 'stop_on_fatal_or_rejections', rejectedShareMax: 0.05 } },
      { syncId: second?.id ?? 0, policy: { type: 'stop_on_fatal' } },
    ],
    schedule: { type: 'cron', schedule: { expression: '0 6 * * *', timezone: 'UTC' } },
    disabled: true,
  });
  directory = await world.directory();
  const { password } = world.target;
  secrets = { SOURCE_WAREHOUSE_PASSWORD: password, DESTINATION_CRM_PASSWORD: password };
});
afterAll(() => world.close());

test('are pulled with their steps by slug, and what was pulled changes nothing', async () => {
  expect((await sluice('pull', directory)).out).toContain(`Wrote ${file}`);
  expect(await readFile(at(file), 'utf8')).toMatchInlineSnapshot(`
    "name: Nightly
    steps:
      - sync: model-1-to-api
        policy:
          type: stop_on_fatal_or_rejections
          rejectedShareMax: 0.05
      - sync: model-1-to-api-2
    schedule:
      type: cron
      schedule:
        expression: 0 6 * * *
        timezone: UTC
    disabled: true
    "
  `);
  expect(await sluice('pull', directory)).toMatchObject({ code: 0, out: '0 written, 7 up to date.\n' });
  expect(await sluice('plan', directory, '--check')).toMatchObject({ code: 0 });
  world.asked.length = 0;
  expect(await sluice('apply', directory, '--yes')).toMatchObject({ code: 0 });
  expect(writes()).toEqual([]);
});

test('are changed by their files, and the plan says what that does', async () => {
  await edit(at(file), 'disabled: true\n', '');
  await edit(at(file), '      rejectedShareMax: 0.05', '      rejectedShareMax: 0.1');
  const planned = await sluice('plan', directory);
  expect(planned.out).toContain('~ sequence nightly\n    steps: ');
  expect(planned.out).toContain('    disabled: true → false\n');
  expect(planned.out).toContain('! Holds from its next run on');
  world.asked.length = 0;
  expect((await sluice('apply', directory, '--yes')).out).toContain('Changed sequence nightly');
  expect(writes()).toHaveLength(1);
  const [now] = await listSequences(world.ctx, world.actor);
  expect(now).toMatchObject({ disabled: false, steps: [{ policy: { rejectedShareMax: 0.1 } }, {}] });
  expect(now?.nextRunAt).not.toBeNull();
  expect((await sluice('plan', directory, '--check')).code).toBe(0);
});

test('a broken file changes nothing: unknown syncs, policies, keys, no steps, impossible times', async () => {
  const before = await readFile(at(file), 'utf8');
  world.asked.length = 0;
  for (const [text, problem] of [
    ['name: n\nsteps:\n  - sync: nobody\n', ':3: steps.0.sync: there is no file syncs/nobody.yaml.'],
    ['name: n\nsteps:\n  - sync: a\n    policy: { type: hope }\n', ':4: steps.0.policy'],
    ['name: n\nsteps:\n  - sync: a\n    wait: 3\n', ':4: "steps.0.wait" is not a setting.'],
    ['name: n\nsteps: []\n', ':2: steps: Add at least one step.'],
    [before.replace('0 6 * * *', '0 0 31 2 *'), ': schedule: '],
  ] as const) {
    await writeFile(at(file), text);
    const refused = await sluice('apply', directory, '--yes');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(`${file}`)]);
    expect(refused.err).toContain(problem);
  }
  expect(writes()).toEqual([]);
  await writeFile(at(file), before);
});

test('are made after their syncs, and removed before them', async () => {
  const sync = await readFile(at('syncs/model-1-to-api.yaml'), 'utf8');
  await writeFile(at('syncs/third.yaml'), sync);
  await writeFile(at('sequences/third.yaml'), 'name: Third\nsteps:\n  - sync: third\n');
  const created = await sluice('apply', directory, '--yes');
  expect(created.out).toMatch(/Created sync third\nCreated sequence third\nApplied 2 changes/);
  expect((await sluice('list', 'sequences')).out).toMatch(/third +Third +third/);
  expect((await sluice('inspect', 'sequence', 'third', '--json')).out).toContain('"syncSlug": "third"');

  // The sync of a sequence that stays cannot be pruned, and the file says so.
  await rm(at('syncs/third.yaml'));
  const refused = await sluice('apply', directory, '--prune', '--yes');
  expect(refused.err).toContain('--prune would remove the sync');
  await rm(at('sequences/third.yaml'));
  const removed = await sluice('apply', directory, '--prune', '--yes');
  expect(removed.out).toMatch(/Removed sequence third\nRemoved sync third\n/);
  expect((await sluice('plan', directory, '--prune')).out).toContain('Nothing to do');
});
