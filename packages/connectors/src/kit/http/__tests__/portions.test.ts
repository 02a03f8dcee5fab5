import { describe, expect, it } from 'vitest';
import { recordsOf } from '../../../destinations/__tests__/destination-context.ts';
import type { RecordResult } from '../../destination.ts';
import { halves, type PlacedPortion, portionsOf } from '../portions.ts';
import { type BatchLimits, type Route, RowRejected } from '../route.ts';

const routeWith = (batch: BatchLimits, more: Partial<Route> = {}): Route => ({
  name: 'route',
  batch,
  encode: ({ fields }) => String(fields.text),
  request: () => ({ method: 'POST', path: '/' }),
  read: () => [],
  ...more,
});

function cut(texts: readonly string[], route: Route, key = 'run-1') {
  const refused: Record<number, RecordResult> = {};
  const records = recordsOf(
    'upsert',
    texts.map((text) => ({ match: text, fields: { text } })),
  );
  const portions: PlacedPortion[] = [
    ...portionsOf(
      records,
      () => route,
      key,
      (place, result) => {
        refused[place] = result;
      },
    ),
  ];
  return { portions, refused, items: portions.map(({ items }) => items) };
}

describe('portionsOf', () => {
  it('cuts by rows', () => {
    expect(cut(['a', 'b', 'c'], routeWith({ rows: 2 })).items).toEqual([['a', 'b'], ['c']]);
  });

  it('cuts by bytes, each item with its comma, and counts bytes instead of characters', () => {
    expect(cut(['aa', 'bb', 'cc'], routeWith({ rows: 9, bytes: 6 })).items).toEqual([['aa', 'bb'], ['cc']]);
    expect(cut(['éé', 'b'], routeWith({ rows: 9, bytes: 6 })).items).toEqual([['éé'], ['b']]);
    expect(cut(['aaaaaa'], routeWith({ rows: 9, bytes: 6 })).items).toEqual([['aaaaaa']]);
  });

  it('refuses what no request can hold, and sends the rest', () => {
    const { items, refused } = cut(['a', 'toolong', 'b'], routeWith({ rows: 9, bytes: 100, recordBytes: 3 }));
    expect(items).toEqual([['a', 'b']]);
    expect(refused).toEqual({
      1: {
        status: 'rejected',
        code: 'record_too_large',
        message: expect.stringContaining('7 bytes, at most 3'),
      },
    });
    const encode: Route['encode'] = ({ fields }) => {
      if (fields.text === 'bad') throw new RowRejected('bad_row', 'It is bad.');
      return String(fields.text);
    };
    const one = cut(['a', 'bad'], routeWith({ rows: 9 }, { encode }));
    expect(one.items).toEqual([['a']]);
    expect(one.refused).toEqual({ 1: { status: 'rejected', code: 'bad_row', message: 'It is bad.' } });
  });

  it('never lets a defect of a connector pass for a bad row', () => {
    const encode = () => {
      throw new TypeError('defect');
    };
    expect(() => cut(['a'], routeWith({ rows: 9 }, { encode }))).toThrow('defect');
  });

  it('sends the later of two with one identity later, in their order', () => {
    const identity = ({ fields }: { fields: Record<string, unknown> }) => String(fields.text).charAt(0);
    const { items, portions } = cut(['a1', 'b1', 'a2', 'c1', 'a3'], routeWith({ rows: 9 }, { identity }));
    expect(items).toEqual([['a1', 'b1', 'c1'], ['a2'], ['a3']]);
    expect(portions.flatMap(({ places }) => places).toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps routes apart', () => {
    const records = recordsOf(
      'upsert',
      ['a', 'b', 'a'].map((text) => ({ fields: { text } })),
    );
    const routes = { a: routeWith({ rows: 9 }, { name: 'a' }), b: routeWith({ rows: 9 }, { name: 'b' }) };
    const portions = [
      ...portionsOf(
        records,
        ({ fields }) => routes[fields.text as 'a' | 'b'],
        'k',
        () => undefined,
      ),
    ];
    expect(portions.map(({ route, places }) => [route.name, places])).toEqual([
      ['a', [0, 2]],
      ['b', [1]],
    ]);
  });

  it('gives the same rows the same key on every try, and others another one', () => {
    const keyOf = (texts: string[], key: string) =>
      cut(texts, routeWith({ rows: 9 }), key).portions[0]?.idempotencyKey;
    expect(keyOf(['a', 'b'], 'run-1')).toBe(keyOf(['a', 'b'], 'run-1'));
    expect(keyOf(['a', 'b'], 'run-1')).not.toBe(keyOf(['a', 'b'], 'run-2'));
    expect(keyOf(['a'], 'run-1')).not.toBe(keyOf(['a', 'b'], 'run-1'));
    const [first, second] = cut(['a', 'a'], routeWith({ rows: 1 })).portions;
    expect(first?.idempotencyKey).not.toBe(second?.idempotencyKey);
  });
});

it('halves lose and double nothing', () => {
  const [whole] = cut(['a', 'b', 'c'], routeWith({ rows: 9 })).portions;
  if (!whole) throw new Error('no portion');
  const [first, second] = halves(whole);
  expect([...first.items, ...second.items]).toEqual(whole.items);
  expect([...first.places, ...second.places]).toEqual(whole.places);
  expect(first.idempotencyKey).not.toBe(second.idempotencyKey);
});
