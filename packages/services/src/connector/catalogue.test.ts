import type { SluiceError } from '@sluice/domain/error';
import { expect, it } from 'vitest';
import { systemActor } from '../actor/system-actor.ts';
import type { ServiceContext } from '../context.ts';
import { previewSchedule } from '../schedule/preview-schedule.ts';
import { listDestinationConnectors, listSourceConnectors } from './list-connectors.ts';

const ctx = { settings: { oauthClients: new Map() } } as unknown as ServiceContext;
const actor = systemActor(1, 'test');

it('lists every connector by name, as data that a screen can show', () => {
  const sources = listSourceConnectors(ctx, actor);
  const destinations = listDestinationConnectors(ctx, actor);
  expect(sources.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['postgresql', 'sample']));
  expect(destinations.map(({ slug }) => slug)).toEqual(
    expect.arrayContaining(['postgresql', 'http-request']),
  );
  for (const list of [sources, destinations]) {
    expect(structuredClone(list)).toEqual(list);
    const names = list.map(({ name }) => name);
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, 'en')));
  }
});

it('is for members', () => {
  const nobody = { ...actor, permissions: new Set<never>() };
  expect(() => listSourceConnectors(ctx, nobody)).toThrow('may not');
  expect(() => listDestinationConnectors(ctx, nobody)).toThrow('may not');
});

it('shows the next five times of a schedule, or why there are none', () => {
  const schedule = {
    type: 'cron',
    schedule: { expression: '*/15 * * * *', timezone: 'Asia/Kolkata' },
  } as const;
  const { times } = previewSchedule(actor, { schedule });
  expect(times).toHaveLength(5);
  expect(
    times.every((time, index) => index === 0 || Number(time) - Number(times[index - 1]) === 900_000),
  ).toBe(true);
  const never = { type: 'cron', schedule: { expression: '0 0 31 2 *', timezone: 'UTC' } } as const;
  let code: string | undefined;
  try {
    previewSchedule(actor, { schedule: never });
  } catch (err) {
    code = (err as SluiceError).code;
  }
  expect(code).toBe('schedule_invalid');
});
