import type { DestinationField, DestinationObjectDetail } from '@sluice/domain/connector';
import type { Schedule } from '@sluice/domain/schedule';
import { expect, test } from 'vitest';
import { newMappingDraft, otherColumns } from './mapping-draft.ts';
import { scheduleWords } from './schedule-words.ts';
import { applySuggestions } from './suggest.ts';
import { mappingWords, removalWords } from './summary-words.ts';
import { emptySyncDraft, type SyncDraft, withMatchField } from './sync-draft.ts';

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
    field('id', { matchable: true, required: true }),
    field('email', { matchable: true }),
    field('plan', { required: true }),
    field('made', { readOnly: true }),
  ],
  mapping: 'fields',
  deleteBehaviours: ['nothing'],
};
const suggestions = [
  { from: 'email', to: 'email', reason: 'exact' },
  { from: 'user_id', to: 'id', reason: 'similar' },
  { from: 'made', to: 'made', reason: 'exact' },
] as const;
const draft = { ...emptySyncDraft(), mode: 'upsert' as const, object: 'public.contacts' };

test('the match key is the unique field that the primary key fits, the rest become mappings', () => {
  const next = applySuggestions(draft, suggestions, object, 'user_id');
  expect(next.matchKey).toEqual({ from: 'user_id', to: 'id' });
  expect(next.mappings.map(({ from, to }) => [from, to])).toEqual([
    ['email', 'email'],
    ['', 'plan'],
  ]);
});

test('what a person chose is never replaced, and asking twice adds nothing', () => {
  const chosen = {
    ...draft,
    matchKey: { from: 'email', to: 'email' },
    mappings: [newMappingDraft({ from: 'other', to: 'id' })],
  };
  const once = applySuggestions(chosen, suggestions, object, 'user_id');
  expect(once.matchKey).toEqual(chosen.matchKey);
  expect(once.mappings[0]).toBe(chosen.mappings[0]);
  expect(applySuggestions(once, suggestions, object, 'user_id').mappings).toEqual(once.mappings);
});

test('a mode without a match key maps every suggested field', () => {
  const next = applySuggestions({ ...draft, mode: 'insert' }, suggestions, object, 'user_id');
  expect(next.matchKey).toEqual({ from: '', to: '' });
  expect(next.mappings.map(({ to }) => to)).toEqual(['email', 'id', 'plan']);
});

test('members of a list get a match key, and nothing is mapped', () => {
  const list = { ...object, membersOnly: true };
  const next = applySuggestions({ ...draft, mode: 'segment' }, suggestions, list, 'user_id');
  expect(next).toMatchObject({ matchKey: { from: 'user_id', to: 'id' }, mappings: [] });
});

test('an event is not matched by its own key, and names its person once', () => {
  const people = { ...object, fields: [field('id', { matchable: true }), ...object.fields.slice(1)] };
  const next = applySuggestions({ ...draft, mode: 'event' }, suggestions, people, 'user_id');
  expect(next.matchKey).toEqual({ from: 'email', to: 'email' });
  expect(next.mappings.map(({ to }) => to)).toEqual(['plan']);
});

test('the only unique field is the match key even if no column fits, and has no line of its own', () => {
  const recordId = field('record_id', { matchable: true, givenOut: true });
  const vin = field('vin', { matchable: true, required: true });
  const cars = { ...object, fields: [recordId, vin, field('colour')] };
  const next = applySuggestions(draft, [], cars, 'user_id');
  expect(next).toMatchObject({ matchKey: { from: '', to: 'vin' }, mappings: [] });
});

test('a field that becomes the match key loses its empty line, and keeps one that was filled', () => {
  const lines = [newMappingDraft({ to: 'vin' }), newMappingDraft({ to: 'vin', from: 'number' })];
  const next = withMatchField({ ...draft, mappings: lines }, 'vin');
  expect(next).toMatchObject({ matchKey: { to: 'vin' }, mappings: [{ from: 'number' }] });
});

test('the other columns are those that nothing sends and whose name is free', () => {
  const columns = ['id', 'email', 'plan', 'city'].map((name) => ({
    name,
    type: 'string' as const,
    nativeType: 'text',
  }));
  const mappings = [newMappingDraft({ from: 'email', to: 'mail' })];
  const others = otherColumns({ matchKey: { from: 'id' }, mappings }, columns, new Set(['plan']));
  expect(others).toMatchObject([{ type: 'column', from: 'city', to: 'city' }]);
});

test.each<[Partial<SyncDraft>, string]>([
  [{ mode: 'upsert' }, 'Left alone'],
  [{ mode: 'upsert', deleteBehaviour: 'clear' }, 'The mapped fields are cleared'],
  [{ mode: 'mirror' }, 'Their records are deleted'],
  [{ mode: 'archive' }, 'Their records are archived'],
  [{ mode: 'segment' }, 'They are taken out'],
  [{ mode: 'add' }, 'Left alone'],
  [{ mode: 'diff' }, 'Written as removed'],
  [{ mode: 'trigger' }, 'A request is sent'],
  [{ mode: 'trigger', triggers: ['added'] }, 'Left alone'],
])('of rows that leave the model %j says: %s', (part, words) => {
  expect(removalWords({ ...draft, ...part })).toBe(words);
});

test.each<[Partial<SyncDraft>, string]>([
  [{}, 'None beside the match key'],
  [{ options: { allColumns: true } }, 'All columns, under their own names'],
  [
    { mappings: [newMappingDraft({ from: 'a', to: 'b' }), newMappingDraft({ type: 'static', to: 'c' })] },
    'a → b, static → c',
  ],
])('the mappings %j read as: %s', (part, words) => {
  expect(mappingWords({ ...draft, ...part })).toBe(words);
});

test.each<[Schedule | null, string]>([
  [null, 'Manual'],
  [{ type: 'interval', schedule: { interval: { unit: 'hour', quantity: 1 } } }, 'Every hour'],
  [{ type: 'interval', schedule: { interval: { unit: 'minute', quantity: 15 } } }, 'Every 15 minutes'],
  [{ type: 'cron', schedule: { expression: '0 6 * * *', timezone: 'UTC' } }, '0 6 * * * (UTC)'],
  [
    {
      type: 'visual',
      schedule: {
        expressions: [
          { days: { sunday: true, monday: true }, time: '06:30' },
          {
            days: { monday: true, tuesday: true, wednesday: true, thursday: true, friday: true },
            time: '18:00',
          },
        ],
        timezone: 'Europe/Zurich',
      },
    },
    'Mon, Sun 06:30; Mon–Fri 18:00 (Europe/Zurich)',
  ],
])('the schedule %j reads as %s', (schedule, words) => {
  expect(scheduleWords(schedule)).toBe(words);
});
