import { findOptionProblems, HttpRequestOptions } from '@sluice/connectors/destinations/http-request/options';
import { compileTemplate } from '@sluice/connectors/kit/template';
import type { Column } from '@sluice/domain/column';
import type { DestinationField, DestinationObjectDetail } from '@sluice/domain/connector';
import { SyncConfiguration } from '@sluice/domain/sync';
import { expect, test } from 'vitest';
import { firstOpenStep, stepProblems } from './draft-problems.ts';
import { exampleBody } from './example-body.ts';
import { httpOptionProblems, httpOptionsOf, newRequest, triggerClass } from './http-options.ts';
import { mappingDraftOf, mappingOf, newMappingDraft } from './mapping-draft.ts';
import {
  changeDestination,
  changeObject,
  emptySyncDraft,
  type SyncDraft,
  syncConfigurationOf,
} from './sync-draft.ts';

const column = (name: string): Column => ({ name, type: 'string', nativeType: 'text' });
const field = (name: string, more: Partial<DestinationField> = {}): DestinationField => ({
  name,
  label: name,
  type: 'string',
  nativeType: 'text',
  required: false,
  readOnly: false,
  matchable: false,
  ...more,
});
const object: DestinationObjectDetail = {
  id: 'public.contacts',
  label: 'public.contacts',
  modes: ['upsert', 'insert'],
  fields: [
    field('email', { matchable: true, required: true }),
    field('name', { required: true }),
    field('city'),
    field('full', { readOnly: true }),
  ],
  mapping: 'fields',
  deleteBehaviours: ['nothing', 'clear', 'delete'],
};
const facts = { columns: [column('email'), column('name'), column('city')], object };

const complete: SyncDraft = {
  ...emptySyncDraft(),
  modelId: 1,
  destinationId: 2,
  object: 'public.contacts',
  mode: 'upsert',
  matchKey: { from: 'email', to: 'email' },
  mappings: [newMappingDraft({ from: 'name', to: 'name' })],
};

test('an empty draft is open at its first step, a complete one nowhere', () => {
  expect(firstOpenStep(emptySyncDraft(), facts)).toBe('model');
  expect(firstOpenStep(complete, facts)).toBeNull();
});

test('a complete draft is a configuration that the API accepts', () => {
  expect(SyncConfiguration.parse(syncConfigurationOf(complete))).toMatchObject({
    object: 'public.contacts',
    mode: 'upsert',
    matchKey: { from: 'email', to: 'email' },
    mappings: [{ type: 'column', from: 'name', to: 'name', nulls: 'send' }],
  });
});

test('a required field without a mapping is named, unless records are only updated', () => {
  const unmapped = { ...complete, mappings: [] };
  expect(stepProblems('mapping', unmapped, facts)['configuration.mappings']).toMatch(
    /^name must have a value/,
  );
  expect(stepProblems('mapping', { ...unmapped, mode: 'update' }, facts)).toEqual({});
});

test.each([
  [{ from: 'name', to: 'email' }, 'to', /already mapped/],
  [{ from: 'name', to: 'full' }, 'to', /cannot be written/],
  [{ from: 'name', to: 'gone' }, 'to', /no field gone/],
  [{ from: 'gone', to: 'city' }, 'from', /no column gone/],
  [{ from: '', to: 'city' }, 'from', /Choose a column/],
  [{ type: 'template' as const, template: ' ', to: 'city' }, 'template', /Write a template/],
])('the mapping %j is wrong at %s', (values, path, message) => {
  const draft = { ...complete, mappings: [...complete.mappings, newMappingDraft(values)] };
  expect(stepProblems('mapping', draft, facts)[`configuration.mappings.1.${path}`]).toMatch(message);
});

test('a match key must be unique at the destination', () => {
  const draft = { ...complete, matchKey: { from: 'email', to: 'city' } };
  expect(stepProblems('mapping', draft, facts)['configuration.matchKey.to']).toMatch(/not unique/);
});

test('blank rows of the table are not sent and not complained about', () => {
  const draft = { ...complete, mappings: [newMappingDraft(), ...complete.mappings, newMappingDraft()] };
  expect(stepProblems('mapping', draft, facts)).toEqual({});
  expect(syncConfigurationOf(draft)?.mappings).toHaveLength(1);
});

test('a cron that never fires is said before it is saved', () => {
  const never = { type: 'cron', schedule: { expression: '0 0 31 2 *', timezone: 'UTC' } } as const;
  expect(stepProblems('schedule', { ...complete, schedule: never }, facts).schedule).toMatch(/never fires/);
});

test('another destination forgets the object; another object keeps a mode that it offers', () => {
  expect(changeDestination(complete, 3)).toMatchObject({ object: null, mode: null, mappings: [] });
  expect(changeDestination(complete, 2)).toBe(complete);
  expect(changeObject(complete, 'public.other', ['insert', 'upsert']).mode).toBe('upsert');
  expect(changeObject(complete, 'public.other', ['insert']).mode).toBe('insert');
});

test('every kind of mapping survives being edited', () => {
  const mappings = SyncConfiguration.shape.mappings.parse([
    { type: 'column', to: 'a', from: 'x', nulls: 'skip' },
    { type: 'static', to: 'b', value: 5 },
    { type: 'variable', to: 'c', variable: 'sync-id' },
    { type: 'template', to: 'd', template: '{{ row.x }}' },
  ]);
  expect(mappings.map((mapping) => mappingOf(mappingDraftOf(mapping)))).toEqual(mappings);
});

test('what the HTTP form makes is what the connector accepts, with the same defaults', () => {
  expect(httpOptionsOf({})).toEqual(HttpRequestOptions.parse({}));
  const options = { ...httpOptionsOf({}), added: newRequest('added') };
  expect(findOptionProblems(options, ['added'])).toEqual({});
  expect(httpOptionProblems(options, ['added'])).toEqual({});
});

test('the HTTP form finds the same paths as the connector', () => {
  const request = { ...newRequest('added'), headers: [{ name: 'a b', value: '' }] };
  const options = { ...httpOptionsOf({}), added: request, batchSize: 0, concurrency: 101 };
  const theirs = Object.keys(findOptionProblems(options, ['added'])).sort();
  expect(theirs).toContain('concurrency');
  expect(Object.keys(httpOptionProblems(options, ['added'])).sort()).toEqual(theirs);
});

test('the HTTP form takes as many requests at once as the connector', () => {
  const most = { ...httpOptionsOf({}), added: newRequest('added'), concurrency: 100 };
  expect(findOptionProblems(most, ['added'])).toEqual({});
  expect(httpOptionProblems(most, ['added'])).toEqual({});
});

test('a new HTTP sync sends all columns of each class, and is complete from the start', () => {
  const draft = changeObject({ ...emptySyncDraft(), modelId: 1, destinationId: 2 }, 'request', ['trigger']);
  expect(findOptionProblems(draft.options, draft.triggers)).toEqual({});
  expect(
    firstOpenStep(draft, { ...facts, object: { ...object, modes: ['trigger'], mapping: 'template' } }),
  ).toBeNull();
});

test.each(['json', 'form', 'text'] as const)('the example of a %s body is a valid template', (type) => {
  for (const batched of [false, true]) {
    const text = exampleBody(type, ['id', 'odd "name"', 'plain name'], batched);
    const row = { id: 1, 'odd "name"': 'a', 'plain name': 'b' };
    const rendered = compileTemplate(text)(batched ? { rows: [row, row] } : { row });
    if (type === 'json') expect(JSON.stringify(JSON.parse(rendered))).toContain('"plain name":"b"');
    else expect(rendered).not.toBe('');
  }
});

test('switching a class off and on again keeps its request', () => {
  const start = { object: 'request', mode: 'trigger', triggers: complete.triggers, options: {} };
  const on = triggerClass(start, 'removed', true);
  const edited = { ...on, options: { ...on.options, removed: { ...newRequest('removed'), url: '/x' } } };
  const off = triggerClass({ ...start, ...edited }, 'removed', false);
  expect(off.triggers).toEqual(['added', 'changed']);
  expect(httpOptionsOf(triggerClass({ ...start, ...off }, 'removed', true).options).removed?.url).toBe('/x');
});

test('an object says what it asks beside the mappings, for the classes that are sent', () => {
  const text = { kind: 'text', help: 'Help.', secret: false, required: true } as const;
  const asking: DestinationObjectDetail = {
    ...object,
    modes: ['trigger'],
    mapping: 'template',
    options: [
      { ...text, name: 'channel', label: 'Channel' },
      { ...text, name: 'removed', label: 'Removed rows', kind: 'template', forClass: 'removed' },
    ],
  };
  const draft = changeObject({ ...emptySyncDraft(), modelId: 1, destinationId: 2 }, 'messages', ['trigger']);
  expect(draft.options).toEqual({});
  const problems = (triggers: SyncDraft['triggers'], options: SyncDraft['options'] = {}) =>
    Object.keys(stepProblems('mapping', { ...draft, triggers, options }, { ...facts, object: asking }));
  expect(problems(['added'])).toEqual(['configuration.options.channel']);
  expect(problems(['added', 'removed'], { channel: 'C1' })).toEqual(['configuration.options.removed']);
  expect(triggerClass({ ...draft, options: { channel: 'C1' } }, 'removed', false).options).toEqual({
    channel: 'C1',
  });
});

test('an open object takes fields of any name, and one of pairs needs no match key', () => {
  const draft: SyncDraft = {
    ...complete,
    mappings: [...complete.mappings, newMappingDraft({ from: 'city', to: 'favourite city' })],
  };
  expect(Object.keys(stepProblems('mapping', draft, facts))).toEqual(['configuration.mappings.1.to']);
  expect(stepProblems('mapping', draft, { ...facts, object: { ...object, openFields: true } })).toEqual({});
  const pairs = { ...object, noMatchKey: true, fields: object.fields.slice(1) };
  const keyless = { ...complete, matchKey: { from: '', to: '' } };
  expect(stepProblems('mapping', keyless, { ...facts, object: pairs })).toEqual({});
});

test('where all columns go along, nothing is mapped and nothing is missing', () => {
  const file: DestinationObjectDetail = {
    ...object,
    id: 'file',
    modes: ['all'],
    fields: [],
    openFields: true,
  };
  const draft: SyncDraft = { ...complete, object: 'file', mode: 'all' };
  const problems = (given: SyncDraft) => stepProblems('mapping', given, { ...facts, object: file });
  expect(problems({ ...draft, mappings: [] })).toHaveProperty(['configuration.mappings']);
  const whole = { ...draft, options: { allColumns: true } };
  expect(problems(whole)).toEqual({});
  expect(syncConfigurationOf(whole)?.mappings).toEqual([]);
});

test('fields of members are refused where they are mapped, and a required field is named', () => {
  const list = {
    ...object,
    fields: [field('email', { matchable: true })],
    membersOnly: true,
    modes: ['add'] as const,
  };
  const draft = {
    ...complete,
    mode: 'add' as const,
    mappings: [newMappingDraft({ from: 'name', to: 'email' })],
  };
  expect(stepProblems('mapping', { ...draft, mappings: [] }, { ...facts, object: list })).toEqual({});
  expect(stepProblems('mapping', draft, { ...facts, object: list })['configuration.mappings']).toMatch(
    /^Members have no fields/,
  );
  const empty = { ...complete, mappings: [newMappingDraft({ to: 'name' })] };
  expect(stepProblems('mapping', empty, facts)['configuration.mappings.0.from']).toMatch(
    /^name is required\./,
  );
});
