import type { Row, Value } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { mappingVariables } from '@sluice/domain/mapping';
import { Drop, Liquid, LiquidError, type Template, type Variable } from 'liquidjs';
import { valueToJson } from './value-json.ts';

/** What a template can see. `row` where one row is rendered, `rows` where a batch is. */
export interface TemplateScope {
  readonly row?: Row;
  readonly rows?: readonly Row[];
  /** Facts about the run, by the names of `mappingVariables`: `{{ context.run-id }}`. */
  readonly context?: Readonly<Record<string, Value>>;
}

/**
 * Parses a Liquid template once and answers the function that renders it; safe to call many times. Unknown columns
 * are errors that name the column; a field that a JSON value lacks is empty. Objects are written as JSON. Both steps
 * throw `template_invalid`.
 */
export function compileTemplate(text: string): (scope: TemplateScope) => string {
  const parsed = parse(text);
  if (!/\{[{%]/.test(text)) return () => text;
  const columns = columnsIn(parsed, text);
  // A scope is made for every row: it holds no more than the template reads.
  const names = columns === 'all' ? null : columns;
  const readsRows = hidesNames(text) || globalsOf(parsed).some(({ segments }) => segments[0] === 'rows');
  return (scope) => {
    const { row, rows, context } = scope;
    if (row && names) for (const column of names) assertColumn(row, column);
    const size = 1 + (rows?.length ?? 0);
    const render = (): string =>
      liquid.renderSync(
        parsed,
        {
          ...(row && { row: new RowScope(row, names ?? Object.keys(row)) }),
          ...(rows && readsRows && { rows: rows.map((one) => new RowScope(one, Object.keys(one))) }),
          ...(context && { context }),
        },
        {
          renderLimit: renderMs + size * renderMsPerRow,
          memoryLimit: memoryUnits + size * memoryUnitsPerRow,
        },
      );
    try {
      return renderPatiently(render);
    } catch (cause) {
      throw invalid(cause);
    }
  };
}

/**
 * The time limit counts by the clock on the wall, so a process that had to wait (a busy machine, a pause) would refuse
 * a row for nothing: only a template that takes too long twice is too long.
 */
function renderPatiently(render: () => string): string {
  try {
    return render();
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.startsWith('template render limit exceeded')) throw cause;
    return render();
  }
}

/** Throws `template_invalid`, with line and column, unless the text is Liquid that uses only what is in scope. */
export function parseTemplate(text: string): void {
  parse(text);
}

/**
 * Columns that the template reads as `row.name` or `row["name"]`; `all` when it uses `rows`, the whole `row`, or
 * computes a name, so that any column may matter. Throws `template_invalid`.
 */
export function columnsOfTemplate(text: string): string[] | 'all' {
  return columnsIn(parse(text), text);
}

/** Limits of one rendering: time in ms, memory in characters or array elements. */
const renderMs = 250;
const renderMsPerRow = 10;
const memoryUnits = 1_000_000;
const memoryUnitsPerRow = 100_000;
const parseCharacters = 100_000;

const roots = new Set(['row', 'rows', 'context']);

/** A row inside a template: its columns and nothing else. */
class RowScope extends Drop {
  constructor(row: Row, names: readonly string[]) {
    super();
    for (const name of names) {
      // Several times faster than a definition, which only a name that means something to every object needs.
      if (!(name in Drop.prototype)) (this as unknown as Row)[name] = row[name] as Value;
      else {
        const value = row[name];
        Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true });
      }
    }
  }

  override liquidMethodMissing(name: string | number): never {
    throw unknownColumn(String(name));
  }
}

const liquid = createLiquid();

function createLiquid(): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: parseCharacters,
    renderLimit: renderMs,
    memoryLimit: memoryUnits,
    timezoneOffset: 0,
    dynamicPartials: false,
    templates: {},
    outputEscape: outputText,
  });
  for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag];
  engine.registerFilter('json', function json(value: Value, space = 0) {
    const text = valueToJson(value ?? null, space);
    this.context.memoryLimit.use(text.length);
    return text;
  });
  return engine;
}

function outputText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? valueToJson(value as Value) : String(value);
}

function parse(text: string): Template[] {
  let parsed: Template[];
  try {
    parsed = liquid.parse(text);
  } catch (cause) {
    throw invalid(cause);
  }
  for (const variable of globalsOf(parsed)) {
    const root = String(variable.segments[0]);
    if (root === 'context') assertContext(variable);
    if (roots.has(root)) continue;
    const { row, col } = variable.location;
    throw new SluiceError('template_invalid', `Unknown name "${root}", line ${row}, column ${col}.`, {
      fix: `Columns are written row.${root} or row["${root}"]; also known are rows (in batches) and context.`,
    });
  }
  return parsed;
}

/** A fact that nobody gives would silently be empty. */
function assertContext({ segments, location }: Variable): void {
  const [, name] = segments;
  if (typeof name !== 'string' || Object.hasOwn(mappingVariables, name)) return;
  throw new SluiceError(
    'template_invalid',
    `Unknown name "context.${name}", line ${location.row}, column ${location.col}.`,
    {
      fix: `Known are ${Object.keys(mappingVariables)
        .map((known) => `context.${known}`)
        .join(', ')}.`,
    },
  );
}

function columnsIn(parsed: Template[], text: string): string[] | 'all' {
  if (hidesNames(text)) return 'all';
  const columns = new Set<string>();
  for (const { segments } of globalsOf(parsed)) {
    const [root, column] = segments;
    if (root === 'context') continue;
    if (root !== 'row' || typeof column !== 'string') return 'all';
    columns.add(column);
  }
  return [...columns];
}

/** Filters such as where_exp carry an expression in a string, which the analysis cannot see into. */
const hidesNames = (text: string): boolean => /_exp\b/.test(text);

function globalsOf(parsed: Template[]): Variable[] {
  const found: Variable[] = [];
  const visit = (variable: Variable): void => {
    found.push(variable);
    for (const segment of variable.segments) if (typeof segment === 'object') visit(segment);
  };
  for (const variables of Object.values(liquid.analyzeSync(parsed, { partials: false }).globals)) {
    variables.forEach(visit);
  }
  return found;
}

function assertColumn(row: Row, column: string): void {
  if (!Object.hasOwn(row, column)) throw unknownColumn(column);
}

const unknownColumn = (column: string): SluiceError =>
  new SluiceError(
    'template_invalid',
    `The template uses the column "${column}", which the row does not have.`,
    {
      fix: 'Correct the name of the column; upper and lower case matter.',
    },
  );

function invalid(cause: unknown): SluiceError {
  const original: unknown =
    cause instanceof LiquidError ? (cause as { originalError?: unknown }).originalError : cause;
  if (original instanceof SluiceError) return original;
  const message = cause instanceof Error ? cause.message : 'not valid Liquid';
  const limit = /^(.*) limit exceeded/.exec(message);
  if (limit) {
    return new SluiceError('template_invalid', `The template needs too much: ${limit[0]}.`, {
      cause,
      fix: 'Shorten the template or its loops.',
    });
  }
  return new SluiceError('template_invalid', `${sentence(message)}.`, { cause });
}

/** "undefined filter: foo, line:1, col:3" → "Undefined filter: foo, line 1, column 3". */
function sentence(message: string): string {
  const text = message.replace(/\bline:/g, 'line ').replace(/\bcol:/g, 'column ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
