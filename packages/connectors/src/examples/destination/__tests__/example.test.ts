import { exampleKey, startExample } from '@sluice/testing/vendors/example/start-example';
import { expect, it } from 'vitest';
import { deliverOnce, recordsOf } from '../../../destinations/__tests__/destination-context.ts';
import { useVendor } from '../../../destinations/__tests__/use-vendor.ts';
import { exampleDestination } from '../definition.ts';

const world = useVendor(exampleDestination, startExample, (url) => ({ apiKey: exampleKey, baseUrl: url }));
const sync = {
  object: 'contacts',
  mode: 'mirror',
  matchKey: { from: 'email', to: 'email' },
  mappings: [{ type: 'column', from: 'name', to: 'name' }],
} as const;

it('keeps contacts up to date, and deletes those that left', async () => {
  const writer = await world.writerOf({ ...sync, mappings: [...sync.mappings] });
  const ada = [{ match: 'ada@example.com', fields: { name: 'Ada' } }];
  await deliverOnce(writer, recordsOf('upsert', ada));
  expect(world.vendor.state.contacts.get('ada@example.com')).toEqual({ name: 'Ada' });
  await deliverOnce(writer, recordsOf('delete', ada));
  expect(world.vendor.state.contacts.size).toBe(0);
});

it('rejects a contact with the words of Example CRM', async () => {
  const writer = await world.writerOf({ ...sync, mappings: [...sync.mappings] });
  const { results } = await deliverOnce(writer, recordsOf('upsert', [{ match: 'nobody', fields: {} }]));
  expect(results).toEqual([
    { status: 'rejected', code: 'invalid_email', message: 'nobody is not an e-mail address' },
  ]);
});
