import { randomInt } from 'node:crypto';
import type { ConfigField } from '@sluice/domain/field';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord, WriterLimits } from '../../../kit/destination.ts';
import type { ApiSession } from '../../../kit/http/api-client.ts';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { type ApiRequest, apiPath, jsonText } from '../../../kit/http/api-request.ts';
import { type Route, RowRejected } from '../../../kit/http/route.ts';
import { optionText } from '../../../kit/object-options.ts';
import { fieldOf, removalColumns } from '../../../kit/removal-fields.ts';
import { type Audience, findOrCreate } from '../audience.ts';
import { proofOf } from '../client.ts';
import type { MetaConfiguration } from '../configuration.ts';
import { createHasher, identifiers } from '../identifier.ts';
import { readCounts } from '../read-counts.ts';

/** https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#upload (2026-11) */
export const rowsMax = 10_000;
/** Meta counts by account and audience, and says in each answer how much is used. */
const limits: WriterLimits = { batchRowsMax: rowsMax, concurrency: 2, sharedConcurrency: 2, requests: [] };

const commonOptions: readonly ConfigField[] = [
  {
    name: 'hashed',
    label: 'The columns are hashed already',
    kind: 'checkbox',
    help: 'They hold SHA-256 of values that were normalised as Meta wants it. Otherwise Sluice normalises and hashes them.',
    secret: false,
    required: false,
    default: false,
  },
  {
    name: 'country',
    label: 'Country of phone numbers',
    kind: 'text',
    help: 'Two letters, for numbers without a country code. A mapped country of the row comes first.',
    placeholder: 'US',
    secret: false,
    required: false,
  },
];

const nameOptions: readonly ConfigField[] = [
  {
    name: 'audienceName',
    label: 'Name of the audience',
    kind: 'text',
    help: 'It is made in the ad account when nobody has made it yet.',
    placeholder: 'Customers',
    secret: false,
    required: true,
  },
  {
    name: 'source',
    label: 'Where the people come from',
    kind: 'select',
    help: 'Meta shows it to people in "Why am I seeing this ad?".',
    secret: false,
    required: true,
    default: 'USER_PROVIDED_ONLY',
    options: [
      { value: 'USER_PROVIDED_ONLY', label: 'They gave their data to you' },
      { value: 'PARTNER_PROVIDED_ONLY', label: 'A partner gave it to you' },
      { value: 'BOTH_USER_AND_PARTNER_PROVIDED', label: 'Both' },
    ],
  },
];

/** The people of one audience; `null` = of an audience that is found, or made, by its name. */
export function members(audience: Audience | null, configuration: () => MetaConfiguration): ApiObject {
  const options = audience ? commonOptions : [...nameOptions, ...commonOptions];
  return {
    id: audience ? audience.id : 'by-name',
    label: audience ? audience.name : 'An audience by its name, made when it is missing',
    modes: ['segment', 'add', 'remove'],
    noMatchKey: true,
    describe: () =>
      Promise.resolve({
        fields: Object.entries(identifiers).map(([name, { label, plain }]) =>
          apiField(name, label, 'string', { nativeType: plain ? 'as it is' : 'hashed' }),
        ),
        options,
      }),
    validate,
    columnsForRemoval: (sync) => removalColumns(sync, Object.keys(identifiers)),
    limits,
    routes({ sync }) {
      let target: Promise<string> | null = audience && Promise.resolve(audience.id);
      const idOf = async (session: ApiSession): Promise<string> => {
        target ??= findOrCreate(session, configuration(), {
          name: optionText(options, sync.options, 'audienceName'),
          source: optionText(options, sync.options, 'source'),
        });
        try {
          return await target;
        } catch (thrown) {
          // Another try may go better.
          target = null;
          throw thrown;
        }
      };
      const schema = schemaOf(sync);
      const hashed = sync.options.hashed === true;
      const home = optionText(options, sync.options, 'country');
      const hashOf = createHasher();
      const itemOf = (record: DestinationRecord): string => {
        const country = fieldOf(record, sync, 'COUNTRY');
        const own = typeof country === 'string' && /^[a-z]{2}$/i.test(country.trim()) ? country.trim() : home;
        const values = schema.map((name) => hashOf(name, fieldOf(record, sync, name), own, hashed));
        if (values.every((value) => value === ''))
          throw new RowRejected('identifier_missing', 'The row holds nothing that Meta could match by.');
        return JSON.stringify(values);
      };
      const requestTo = (id: string, adds: boolean, items: readonly string[]): ApiRequest => ({
        method: adds ? 'POST' : 'DELETE',
        path: apiPath`/${id}/users`,
        query: { appsecret_proof: proofOf(configuration()) },
        body: jsonText(
          `{"session":${JSON.stringify({
            // A session that has ended takes nothing more, so each request is one of its own.
            session_id: randomInt(1, 2 ** 47),
            batch_seq: 1,
            last_batch_flag: true,
            estimated_num_total: items.length,
          })},"payload":{"schema":${JSON.stringify(schema)},"data":[${items.join(',')}]}}`,
        ),
      });
      const route = (adds: boolean): Route => ({
        name: adds ? 'add' : 'remove',
        batch: { rows: rowsMax },
        encode: itemOf,
        request: ({ items }) => requestTo(audience?.id ?? 'audience', adds, items),
        read: (answer, { items }) => readCounts(answer, items),
        async send({ items }, session) {
          const id = await idOf(session);
          return readCounts(await session.send(requestTo(id, adds, items)), items);
        },
      });
      const [add, remove] = [route(true), route(false)];
      return ({ operation }) => (operation === 'add' ? add : remove);
    },
  };
}

/** The mapped keys in Meta's order: the same for the row that is added and for the one that leaves. */
const schemaOf = (sync: SyncConfiguration): string[] =>
  Object.keys(identifiers).filter((name) => sync.mappings.some(({ to }) => to === name));

function validate(sync: SyncConfiguration): Record<string, string> {
  const problems: Record<string, string> = {};
  const own = schemaOf(sync).filter((name) => name !== 'COUNTRY' && name !== 'GEN');
  if (own.length === 0) problems.mappings = 'Map at least one column that tells people apart.';
  for (const [index, mapping] of sync.mappings.entries()) {
    if (sync.mode === 'segment' && mapping.type !== 'column' && mapping.type !== 'static')
      problems[`mappings.${index}.to`] =
        'People who leave are found by columns: a template cannot be made then.';
  }
  const { country } = sync.options;
  if (typeof country === 'string' && country.trim() !== '' && !/^[a-z]{2}$/i.test(country.trim()))
    problems['options.country'] = 'A country has two letters.';
  return problems;
}
