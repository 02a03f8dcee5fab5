import { hash } from 'node:crypto';
import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import { bookId } from '@sluice/testing/vendors/google-sheets/start-google-sheets';
import { type ApiLoad, mapped, person } from './load.ts';

const byId = (number: number) => ({ match: `${number}`, fields: person(number) });
const many = { batches: 6, rows: 300_000 };

const braze: ApiLoad = {
  slug: 'braze',
  sync: {
    object: 'users',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'external_id' },
    mappings: mapped(person(1)),
  },
  batchRows: 75,
  batches: 40,
  rows: 300_000,
  record: byId,
  body: (batch) =>
    JSON.stringify({
      attributes: batch.map(({ fields, matchValue }) => ({ ...fields, external_id: String(matchValue) })),
    }),
};

const customerIo: ApiLoad = {
  slug: 'customer-io',
  sync: {
    object: 'people',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: mapped(person(1)),
  },
  batchRows: 1_000,
  ...many,
  record: byId,
  body: (batch) =>
    JSON.stringify({
      batch: batch.map(({ fields, matchValue }) => ({
        type: 'person',
        identifiers: { id: matchValue },
        action: 'identify',
        attributes: fields,
      })),
    }),
};

const contact = (number: number) => {
  const { first_name, amount, updated_at } = person(number);
  return {
    firstname: first_name,
    birthday: '1990-02-03',
    last_seen: updated_at,
    customer_no: `C-${number}`,
    revenue: amount,
    interests: ['wine', 'tea'],
  };
};

const hubspot: ApiLoad = {
  slug: 'hubspot',
  sync: {
    object: 'contacts',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'email' },
    mappings: mapped(contact(1)),
  },
  batchRows: 100,
  batches: 40,
  rows: 300_000,
  record: (number) => ({ match: person(number).email, fields: contact(number) }),
  body: (batch) =>
    JSON.stringify({
      inputs: batch.map(({ seq, matchValue, fields }) => ({
        id: matchValue,
        idProperty: 'email',
        properties: {
          ...fields,
          last_seen: new Date(fields.last_seen as string).toISOString(),
          revenue: String(fields.revenue),
          interests: (fields.interests as string[]).join(';'),
        },
        objectWriteTraceId: String(seq),
      })),
    }),
};

const lead = (number: number) => {
  const { first_name, last_name, email, active, updated_at, amount } = person(number);
  return {
    LastName: last_name,
    FirstName: first_name,
    Email: email,
    Birthdate: '1990-02-03',
    LastSeen__c: updated_at,
    Vip__c: active,
    Score__c: amount,
    Tier__c: 'Gold',
    Interests__c: ['Wine', 'Tea'],
  };
};

/** Through Bulk 2.0. */
const salesforce: ApiLoad = {
  slug: 'salesforce',
  sync: {
    object: 'Contact',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'Ext__c' },
    mappings: mapped(lead(1)),
  },
  batchRows: 10_000,
  batches: 3,
  rows: 300_000,
  record: (number) => ({ match: `E-${number}`, fields: lead(number) }),
  body(batch) {
    let text = `Ext__c,${Object.keys(batch[0]?.fields ?? {}).join(',')}\n`;
    for (const { matchValue, fields } of batch) {
      const { LastSeen__c, Interests__c } = fields;
      text += `${cell(matchValue)},${cell(fields.LastName)},${cell(fields.FirstName)},${cell(fields.Email)},${cell(fields.Birthdate)},`;
      text += `${new Date(LastSeen__c as string).toISOString()},${fields.Vip__c},${fields.Score__c},${cell(fields.Tier__c)},`;
      text += `${cell((Interests__c as string[]).join(';'))}\n`;
    }
    return text;
  },
};

/** Through collections of 200. */
const salesforceCollections: ApiLoad = {
  ...salesforce,
  batchRows: 200,
  batches: 20,
  rows: 300_000,
  body: (batch) =>
    JSON.stringify({
      allOrNone: false,
      records: batch.map(({ matchValue, fields }) => ({
        attributes: { type: 'Contact' },
        Ext__c: matchValue,
        ...fields,
        LastSeen__c: new Date(fields.LastSeen__c as string).toISOString(),
        Interests__c: (fields.Interests__c as string[]).join(';'),
      })),
    }),
};

function cell(value: unknown): string {
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const profile = (number: number) => {
  const { first_name, last_name, company, city, plan, amount, active, updated_at } = person(number);
  return {
    ...{ first_name, last_name, organization: company, 'location.city': city },
    ...{ plan, amount, active, updated_at },
  };
};

const klaviyo: ApiLoad = {
  slug: 'klaviyo',
  sync: {
    object: 'profiles',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'email' },
    mappings: mapped(profile(1)),
  },
  batchRows: 5_000,
  batches: 3,
  rows: 300_000,
  record: (number) => ({ match: person(number).email, fields: profile(number) }),
  body: (batch) =>
    JSON.stringify({
      data: {
        type: 'profile-bulk-import-job',
        attributes: {
          profiles: {
            data: batch.map(({ matchValue, fields }) => ({
              type: 'profile',
              attributes: {
                ...{ first_name: fields.first_name, last_name: fields.last_name },
                ...{ organization: fields.organization, email: matchValue },
                location: { city: fields['location.city'] },
                properties: {
                  ...{ plan: fields.plan, amount: fields.amount },
                  ...{ active: fields.active, updated_at: fields.updated_at },
                },
              },
            })),
          },
        },
      },
    }),
};

const names = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Niklaus', 'Radia', 'Tony', 'Adele'];
const customer = (number: number) => ({
  EMAIL: person(number).email,
  FN: `${names[number % 10]} ${names[(number >> 3) % 10]}`,
  LN: `Lovelace-${String.fromCharCode(97 + (number % 26))}${String.fromCharCode(97 + (number % 23))}`,
  CT: `Town of ${String.fromCharCode(97 + (number % 19))}`,
  COUNTRY: 'de',
});

const metaAudiences: ApiLoad = {
  slug: 'meta-audiences',
  sync: { object: '101', mode: 'segment', mappings: mapped(customer(1)) },
  batchRows: 5_000,
  batches: 3,
  rows: 300_000,
  record: (number) => ({ match: null, fields: customer(number), row: customer(number) }),
  differs: /"session_id":\d+/g,
  body(batch) {
    const sha = (text: string): string => hash('sha256', text, 'hex');
    const letters = (text: unknown): string => String(text).trim().toLowerCase();
    return JSON.stringify({
      session: {
        session_id: 1,
        ...{ batch_seq: 1, last_batch_flag: true, estimated_num_total: batch.length },
      },
      payload: {
        schema: ['EMAIL', 'FN', 'LN', 'CT', 'COUNTRY'],
        data: batch.map(({ fields }) => [
          sha(letters(fields.EMAIL)),
          sha(letters(fields.FN).replace(/[^\p{L}\p{M}\p{N}]/gu, '')),
          sha(letters(fields.LN).replace(/[^\p{L}\p{M}\p{N}]/gu, '')),
          sha(letters(fields.CT).replace(/[^\p{L}\p{M}]/gu, '')),
          sha(letters(fields.COUNTRY)),
        ]),
      },
    });
  },
};

/** `identify` calls, each with the id that is the same on every try. */
const calls = (slug: 'segment' | 'rudderstack', traits: (fields: object) => object): ApiLoad => ({
  slug,
  sync: {
    object: 'users',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'userId' },
    mappings: mapped(person(1)),
  },
  batchRows: 500,
  batches: 12,
  rows: 300_000,
  record: byId,
  differs: /"sentAt":"[^"]*"/g,
  body: (batch) =>
    JSON.stringify({
      batch: batch.map((record) => ({
        messageId: messageId(record),
        type: 'identify',
        userId: record.matchValue,
        ...traits(record.fields),
      })),
      sentAt: new Date().toISOString(),
    }),
});

function messageId({ class: name, key, matchValue, fields }: DestinationRecord): string {
  const parts = ['7', '1', name, key, JSON.stringify(matchValue), JSON.stringify(fields)];
  const hex = hash('sha256', `${parts.join('\0')}\0`, 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const segment = calls('segment', (traits) => ({ traits, context: { library: { name: 'Sluice' } } }));
const rudderstack = calls('rudderstack', (traits) => ({
  context: { library: { name: 'Sluice' }, traits },
}));

const slack: ApiLoad = {
  slug: 'slack',
  sync: {
    object: 'messages',
    mode: 'trigger',
    triggers: ['added'],
    options: { channel: 'C1', added: 'New: {{ row.first_name }} of {{ row.company }}' },
  },
  batchRows: 1,
  batches: 200,
  rows: 20_000,
  record: (number) => ({ match: null, fields: {}, row: { id: number, ...person(number) } }),
  body([record]) {
    const row = record?.row ?? {};
    const escaped = (text: unknown): string =>
      String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return new URLSearchParams({
      channel: 'C1',
      text: `New: ${escaped(row.first_name)} of ${escaped(row.company)}`,
      unfurl_links: 'false',
      unfurl_media: 'false',
    }).toString();
  },
};

const googleSheets: ApiLoad = {
  slug: 'google-sheets',
  sync: {
    object: `${bookId}/0`,
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: mapped(person(1)),
  },
  batchRows: 2_000,
  batches: 4,
  rows: 300_000,
  record: byId,
  body: (batch) =>
    JSON.stringify({
      requests: [
        {
          appendCells: {
            sheetId: 0,
            rows: batch.map(({ matchValue, fields }) => ({
              values: [matchValue, ...Object.values(fields)].map((value) => ({
                userEnteredValue:
                  typeof value === 'number'
                    ? { numberValue: value }
                    : typeof value === 'boolean'
                      ? { boolValue: value }
                      : { stringValue: value },
              })),
            })),
            fields: 'userEnteredValue',
          },
        },
      ],
    }),
};

/** By the name of their case. */
export const apiLoads: Readonly<Record<string, ApiLoad>> = {
  braze,
  'customer-io': customerIo,
  'google-sheets': googleSheets,
  hubspot,
  klaviyo,
  'meta-audiences': metaAudiences,
  rudderstack,
  'salesforce-bulk': salesforce,
  'salesforce-collections': salesforceCollections,
  segment,
  slack,
};
