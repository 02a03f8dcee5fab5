import { parseArgs } from 'node:util';
import type { BenchCase, CaseLine, LoneCase } from './bench-case.ts';
import { changed } from './cases/changed.ts';
import { destinations } from './cases/destinations.ts';
import { encodingHttp, encodingPostgresql } from './cases/encoding.ts';
import { extraction } from './cases/extraction.ts';
import { firstRunHttp } from './cases/first-run-http.ts';
import { firstRunPostgresql } from './cases/first-run-postgresql.ts';
import { growthFirst, growthUnchanged } from './cases/growth.ts';
import { introspection } from './cases/introspection.ts';
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
const loneCases: readonly LoneCase[] = [...destinations, ...extraction, ...introspection];

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    rows: { type: 'string', multiple: true },
    repeat: { type: 'string', default: '3' },
    large: { type: 'boolean', default: false },
  },
});
/** `destination` is all of them, `destination-braze` one. */
const isWanted = ({ name }: CaseLine): boolean =>
  values.case?.some((one) => name === one || name.startsWith(`${one}-`)) ?? true;
const wanted = cases.filter(isWanted);
const wantedAlone = loneCases.filter(isWanted);
if (wanted.length + wantedAlone.length === 0) {
  const names = [...cases, ...loneCases].map(({ name }) => name);
  throw new Error(`There is no such case; there are ${names.join(', ')}.`);
}
const sizes = values.rows?.map(Number) ?? [100_000, 1_000_000, ...(values.large ? [10_000_000] : [])];
const repeat = Number(values.repeat);
const say = (text: string) => process.stdout.write(`${text}\n`);

say(heading());
for (const one of wantedAlone) {
  const figures = await one.measure({ repeat });
  say(line(one, figures.product.rows ?? one.rows, figures));
}
for (const rows of wanted.length > 0 ? sizes : []) {
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
