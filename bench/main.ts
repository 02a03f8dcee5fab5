import { parseArgs } from 'node:util';
import type { BenchCase } from './bench-case.ts';
import { changed } from './cases/changed.ts';
import { encodingHttp, encodingPostgresql } from './cases/encoding.ts';
import { firstRunHttp } from './cases/first-run-http.ts';
import { firstRunPostgresql } from './cases/first-run-postgresql.ts';
import { growthFirst, growthUnchanged } from './cases/growth.ts';
import { manyRuns } from './cases/many-runs.ts';
import { mapping } from './cases/mapping.ts';
import { slowDestination } from './cases/slow-destination.ts';
import { unchanged } from './cases/unchanged.ts';
import { warehousePlanner } from './cases/warehouse-planner.ts';
import { openPlace } from './place.ts';
import { heading, line } from './report.ts';

const cases: readonly BenchCase[] = [
  unchanged,
  changed,
  firstRunHttp,
  firstRunPostgresql,
  warehousePlanner,
  slowDestination,
  mapping,
  encodingHttp,
  encodingPostgresql,
  growthFirst,
  growthUnchanged,
  manyRuns,
];

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    rows: { type: 'string', multiple: true },
    repeat: { type: 'string', default: '3' },
    large: { type: 'boolean', default: false },
  },
});
const wanted = cases.filter(({ name }) => !values.case || values.case.includes(name));
if (wanted.length === 0) {
  throw new Error(`There is no such case; there are ${cases.map(({ name }) => name).join(', ')}.`);
}
const sizes = values.rows?.map(Number) ?? [100_000, 1_000_000, ...(values.large ? [10_000_000] : [])];
const repeat = Number(values.repeat);
const say = (text: string) => process.stdout.write(`${text}\n`);

say(heading());
for (const rows of sizes) {
  const place = await openPlace(rows);
  try {
    for (const one of wanted) {
      if (one.rowsMax !== undefined && rows > one.rowsMax && rows !== sizes[0]) continue;
      if (one.rowsMin !== undefined && rows < one.rowsMin) continue;
      for (const figures of await one.measure(place, { repeat })) say(line(one, rows, figures));
    }
  } finally {
    await place.close();
  }
}
