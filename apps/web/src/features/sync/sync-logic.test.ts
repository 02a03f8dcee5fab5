import type { DestinationField, DestinationObjectDetail } from '@sluice/domain/connector';
import type { Schedule } from '@sluice/domain/schedule';
import { expect, test } from 'vitest';
import { newMappingDraft } from './mapping-draft.ts';
import { scheduleWords } from './schedule-words.ts';
import { applySuggestions } from './suggest.ts';
import { emptySyncDraft } from './sync-draft.ts';

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
