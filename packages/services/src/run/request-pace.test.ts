import { expect, test } from 'vitest';
import { createRequestPaces } from './request-pace.ts';

const signal = new AbortController().signal;

test('runs that share a destination share its pace', async () => {
  const paces = createRequestPaces();
  paces.of(1).limit(50);
  const started = performance.now();
  await Promise.all(Array.from({ length: 6 }, () => paces.of(1).acquire(signal)));
  // Six requests at 50 a second: the last one starts 100 ms after the first.
  expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  const free = performance.now();
  await Promise.all(Array.from({ length: 100 }, () => paces.of(2).acquire(signal)));
  expect(performance.now() - free).toBeLessThan(1_000);
});

test('a pause holds for everybody, and a stop ends the wait', async () => {
  const pace = createRequestPaces().of(1);
  pace.pause(60);
  const started = performance.now();
  await pace.acquire(signal);
  expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  pace.pause(60_000);
  const stop = new AbortController();
  const waiting = pace.acquire(stop.signal);
  stop.abort('cancelled');
  await expect(waiting).rejects.toBe('cancelled');
});
