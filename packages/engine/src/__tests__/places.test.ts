import { expect, test } from 'vitest';
import { createPlaces, type Place } from '../deliver/places.ts';

const open = (): AbortSignal => new AbortController().signal;

test('as many are with the destination as there are places, and a quarter more wait for the disk', async () => {
  const places = createPlaces(4);
  const taken: Place[] = [];
  const take = async (): Promise<void> => {
    const place = await places.take(open());
    if (place) taken.push(place);
  };
  await Promise.all(Array.from({ length: 4 }, take));
  const fifth = take();
  const sixth = take();
  await Promise.resolve();
  expect(taken).toHaveLength(4);
  taken[0]?.answered();
  await fifth;
  expect(taken).toHaveLength(5);
  // Four are sent and one is being written down: a second answer makes no room before a write is done.
  taken[1]?.answered();
  await new Promise(setImmediate);
  expect(taken).toHaveLength(5);
  taken[0]?.give();
  await sixth;
  expect(taken).toHaveLength(6);
});

test('a batch that is given back unanswered makes room for one', async () => {
  const places = createPlaces(1);
  const first = await places.take(open());
  const second = places.take(open());
  first?.give();
  expect(await second).not.toBeNull();
});

test('whoever waits is told of an abort, and takes no place with it', async () => {
  const places = createPlaces(1);
  const first = await places.take(open());
  const stop = new AbortController();
  const second = places.take(stop.signal);
  stop.abort();
  expect(await second).toBeNull();
  first?.give();
  expect(await places.take(open())).not.toBeNull();
  expect(await places.take(stop.signal)).toBeNull();
});
