import type { EditKind, Rollout } from '@sluice/domain/edit-effect';
import { type ResyncKind, SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { expect, test } from 'vitest';
import { effectsOfEdit, pendingAfter } from './edit-effects.ts';

const base: SyncConfigurationInput = {
  object: 'public.contacts',
  mode: 'upsert',
  matchKey: { from: 'id', to: 'id' },
  mappings: [
    { type: 'column', from: 'name', to: 'name' },
    { type: 'static', value: 'shop', to: 'origin' },
  ],
};
const state = { ledgerRows: 1204, modelColumns: ['id', 'name', 'city'] };
const used = (change: Partial<SyncConfigurationInput>, columns = ['id', 'name']) => ({
  configuration: SyncConfiguration.parse({ ...base, ...change }),
  columns,
});

interface Case {
  edit: string;
  change: Partial<SyncConfigurationInput>;
  columns?: string[];
  kinds: EditKind[];
  choices: Rollout[];
  /** What the next run does when nobody chooses, and for each choice. */
  pending: Record<'default' | Rollout, ResyncKind>;
}
const same = (kind: ResyncKind) => ({ default: kind, backfill: kind, from_now: kind });

const cases: Case[] = [
  { edit: 'nothing', change: {}, kinds: [], choices: [], pending: same('none') },
  {
    edit: 'guards and doubt',
    change: { guards: { changedRowsMax: 5 }, doubt: 'hold' },
    kinds: [],
    choices: [],
    pending: same('none'),
  },
  {
    edit: 'another object',
    change: { object: 'public.people' },
    kinds: ['object_changed'],
    choices: [],
    pending: same('full'),
  },
  {
    edit: 'another match key',
    change: { matchKey: { from: 'id', to: 'external_id' } },
    kinds: ['match_key_changed'],
    choices: ['backfill', 'from_now'],
    pending: { default: 'full', backfill: 'full', from_now: 'none' },
  },
  {
    edit: 'a new column',
    change: { mappings: [...(base.mappings ?? []), { type: 'column', from: 'city', to: 'city' }] },
    columns: ['id', 'name', 'city'],
    kinds: ['columns_added', 'values_changed'],
    choices: ['backfill', 'from_now'],
    pending: { default: 'backfill', backfill: 'backfill', from_now: 'from_now' },
  },
  {
    edit: 'a column less',
    change: { mappings: [{ type: 'static', value: 'shop', to: 'origin' }] },
    columns: ['id'],
    kinds: ['columns_removed'],
    choices: [],
    pending: same('none'),
  },
  {
    edit: 'another static value',
    change: {
      mappings: [
        { type: 'column', from: 'name', to: 'name' },
        { type: 'static', value: 'x', to: 'origin' },
      ],
    },
    kinds: ['values_changed'],
    choices: ['from_now', 'backfill'],
    pending: { default: 'none', backfill: 'backfill', from_now: 'none' },
  },
  {
    edit: 'other options',
    change: { options: { url: '/other' } },
    kinds: ['values_changed'],
    choices: ['from_now', 'backfill'],
    pending: { default: 'none', backfill: 'backfill', from_now: 'none' },
  },
  {
    edit: 'another delete behaviour',
    change: { deleteBehaviour: 'delete' },
    kinds: ['removal_changed'],
    choices: [],
    pending: same('none'),
  },
  {
    edit: 'a column that is not there',
    change: { mappings: [{ type: 'column', from: 'age', to: 'name' }] },
    columns: ['id', 'age'],
    kinds: ['columns_missing', 'columns_added', 'columns_removed', 'values_changed'],
    choices: ['backfill', 'from_now'],
    pending: { default: 'backfill', backfill: 'backfill', from_now: 'from_now' },
  },
];

test.each(cases)('$edit', ({ change, columns, kinds, choices, pending }) => {
  const effects = effectsOfEdit(used({}), used(change, columns), state);
  expect(effects.effects.map(({ kind }) => kind)).toEqual(kinds);
  expect(effects.choices.map(({ rollout }) => rollout)).toEqual(choices);
  expect(effects.broken).toBe(kinds.includes('columns_missing'));
  expect({
    default: pendingAfter(effects, undefined, 'none'),
    backfill: pendingAfter(effects, 'backfill', 'none'),
    from_now: pendingAfter(effects, 'from_now', 'none'),
  }).toEqual(pending);
});

test('rows that a mode did not send may be sent once the next one does', () => {
  const effects = effectsOfEdit(used({ mode: 'insert', matchKey: null }), used({}), state);
  expect(effects.effects.map(({ kind }) => kind)).toContain('mode_changed');
});

test('a sync that has delivered nothing has nothing to lose', () => {
  const effects = effectsOfEdit(used({}), used({ object: 'public.people' }), { ...state, ledgerRows: 0 });
  expect(effects).toEqual({ effects: [], choices: [], broken: false });
});

test('what is pending already is never weakened', () => {
  const effects = effectsOfEdit(used({}), used({ options: { url: '/other' } }), state);
  expect(pendingAfter(effects, 'backfill', 'full')).toBe('full');
  expect(pendingAfter(effects, 'from_now', 'backfill')).toBe('backfill');
});

test('says how many rows it is about', () => {
  const { choices } = effectsOfEdit(used({}), used({ options: { url: '/other' } }), state);
  expect(choices[1]?.explanation).toContain('1,204');
});
