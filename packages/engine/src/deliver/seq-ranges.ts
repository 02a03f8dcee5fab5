/** Positions from `from` to `to`, both included. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** Adds a range to sorted, disjoint ranges, joining neighbours. Answers new, sorted, disjoint ranges. */
export function addRange(ranges: readonly SeqRange[], added: SeqRange): SeqRange[] {
  const before = ranges.filter((range) => range.to < added.from - 1);
  const after = ranges.filter((range) => range.from > added.to + 1);
  const touching = ranges.filter((range) => range.to >= added.from - 1 && range.from <= added.to + 1);
  const from = Math.min(added.from, ...touching.map((range) => range.from));
  const to = Math.max(added.to, ...touching.map((range) => range.to));
  return [...before, { from, to }, ...after];
}

/** What is left of a range without the given ones (sorted, disjoint). */
export function subtractRanges(range: SeqRange, taken: readonly SeqRange[]): SeqRange[] {
  const left: SeqRange[] = [];
  let from = range.from;
  for (const one of taken) {
    if (one.to < from || one.from > range.to) continue;
    if (one.from > from) left.push({ from, to: one.from - 1 });
    from = one.to + 1;
  }
  if (from <= range.to) left.push({ from, to: range.to });
  return left;
}

/** How many positions of `range` lie in `ranges`. */
export const overlap = (range: SeqRange, ranges: readonly SeqRange[]): number =>
  ranges.reduce(
    (sum, one) => sum + Math.max(0, Math.min(range.to, one.to) - Math.max(range.from, one.from) + 1),
    0,
  );
