import { updateModel } from '@sluice/services/model/update-model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApi } from '../api/api-client.ts';
import { apply } from '../commands/apply.ts';
import type { Terminal } from '../terminal.ts';
import { type CliWorld, edit, openCliWorld } from './open-cli-world.ts';

let world: CliWorld;
let directory: string;
let modelId: number;
let environment: Record<string, string>;

beforeAll(async () => {
  world = await openCliWorld({ workers: 0 });
  modelId = await world.model({ sql: 'select 1 as id' });
  directory = await world.directory();
  expect((await world.sluice(['pull', directory])).code).toBe(0);
  await edit(`${directory}/models/model-1.yaml`, 'name: Model 1', 'name: People');
  const { password } = world.target;
  environment = { SOURCE_WAREHOUSE_PASSWORD: password, DESTINATION_CRM_PASSWORD: password };
});
afterAll(() => world.close());

/** Applies with somebody at the terminal, who does what `answer` does once the plan is on the screen. */
async function applyWith(answer: () => Promise<string>) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const terminal: Terminal = {
    out: say,
    note: say,
    style: (_, text) => text,
    status: () => {},
    live: false,
    ask: () => {
      expect(lines.join('\n')).toContain('1 to change');
      return answer();
    },
  };
  const api = openApi({ url: `${world.url}/api/v1`, token: world.token });
  const options = { prune: false, sendSecrets: false, yes: false };
  return { code: await apply(api, terminal, { directory, environment }, options), lines };
}
const nameNow = async () =>
  JSON.parse((await world.sluice(['inspect', 'model', 'model-1', '--json'])).out).name;

test('anything but yes changes nothing', async () => {
  for (const answer of ['', 'y', 'no']) expect((await applyWith(async () => answer)).code).toBe(5);
  expect(await nameNow()).toBe('Model 1');
});

test('a plan that is no longer true is not carried out', async () => {
  const applied = applyWith(async () => {
    const input = { id: modelId, description: 'changed by somebody else', acceptFullResync: false };
    await updateModel(world.ctx, world.actor, input, { signal: AbortSignal.timeout(10_000) });
    return 'yes';
  });
  await expect(applied).rejects.toMatchObject({ code: 'conflict' });
  expect(await nameNow()).toBe('Model 1');
});

test('yes carries it out', async () => {
  expect(await applyWith(async () => 'yes')).toMatchObject({
    code: 0,
    lines: expect.arrayContaining(['Changed model model-1', 'Applied 1 change.']),
  });
  expect(await nameNow()).toBe('People');
});
