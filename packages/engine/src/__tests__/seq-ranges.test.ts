import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addRange, overlap, type SeqRange, subtractRanges } from '../deliver/seq-ranges.ts';

const range = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 10 }))
  .map(([from, length]): SeqRange => ({ from, to: from + length }));
const positions = (ranges: readonly SeqRange[]) =>
  new Set(
    ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)),
  );

it('does with ranges what sets do with positions', () => {
  fc.assert(
    fc.property(fc.array(range), range, (added, other) => {
      const union = added.reduce<SeqRange[]>(addRange, []);
      expect(positions(union)).toEqual(positions(added));
      for (const [index, one] of union.entries()) {
        const next = union[index + 1];
        if (next) expect(one.to + 1).toBeLessThan(next.from);
      }
      expect(positions(subtractRanges(other, union))).toEqual(
        positions([other]).difference(positions(added)),
      );
      expect(overlap(other, union)).toBe(positions([other]).intersection(positions(added)).size);
    }),
  );
});
