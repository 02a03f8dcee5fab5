import type { Value } from '@sluice/domain/column';
import type { FileBatch } from '../file-batch.ts';
import type { FileSettings } from './file-settings.ts';

type NameSettings = Pick<FileSettings, 'nameTemplate' | 'timeOffsetMs' | 'format' | 'compression'>;

/**
 * The name of a file, folders included: the same on every try. Where the template does not say which class or part of a
 * run a file is, that is added, so that no file of a run takes the place of another. A test row never takes the place of
 * a file.
 */
export function fileName(
  { nameTemplate, timeOffsetMs, format, compression }: NameSettings,
  { class: name, part }: Pick<FileBatch, 'class' | 'part'>,
  context: { readonly variables: Readonly<Record<string, Value>>; readonly severalClasses: boolean },
): string {
  const { variables } = context;
  const started = Date.parse(String(variables['run-started-at'] ?? ''));
  const time = new Date((Number.isNaN(started) ? Date.now() : started) + timeOffsetMs);
  const test = (variables['run-id'] ?? null) === null;
  const number = String(part.number).padStart(String(part.of).length, '0');
  const words: Record<string, string> = {
    ...timeWords(time),
    class: name,
    part: number,
    'model.id': String(variables['model-id'] ?? ''),
    'model.name': safe(variables['model-name'] ?? null),
    'sync.id': String(variables['sync-id'] ?? ''),
    'sync.slug': safe(variables['sync-slug'] ?? null),
    'run.id': test ? 'test' : String(variables['run-id']),
  };
  words['sync.run.id'] = words['run.id'] ?? '';
  const filled = nameTemplate.replace(variable, (whole, word: string) => words[word] ?? whole);
  const parts = [
    context.severalClasses && !nameTemplate.includes('{class}') ? `-${name}` : '',
    part.of > 1 && !nameTemplate.includes('{part}') ? `-part-${number}` : '',
    test && !/\{(sync\.)?run\.id\}/.test(nameTemplate) ? '-test' : '',
  ].join('');
  const extension = extensionOf({ format, compression });
  const base = filled.endsWith(extension) ? filled.slice(0, -extension.length) : filled;
  return `${base}${parts}${extension}`;
}

/** Variables of a template that do not exist, as they are written. */
export const unknownVariables = (template: string): string[] =>
  [...template.matchAll(variable)].flatMap(([whole, word = '']) => (known.has(word) ? [] : [whole]));

function extensionOf({ format, compression }: Pick<FileSettings, 'format' | 'compression'>): string {
  if (format === 'parquet') return '.parquet';
  return `.${format}${{ none: '', gzip: '.gz', zstd: '.zst' }[compression]}`;
}

const variable = /\{([^{}]*)\}/g;

/** As Hightouch names them. https://hightouch.com/docs/destinations/s3 (2026-11) */
function timeWords(time: Date): Record<string, string> {
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    YYYY: String(time.getUTCFullYear()),
    YY: String(time.getUTCFullYear()).slice(-2),
    MM: two(time.getUTCMonth() + 1),
    DD: two(time.getUTCDate()),
    HH: two(time.getUTCHours()),
    mm: two(time.getUTCMinutes()),
    ss: two(time.getUTCSeconds()),
    ms: String(time.getUTCMilliseconds()).padStart(3, '0'),
    X: String(Math.floor(time.getTime() / 1_000)),
    x: String(time.getTime()),
  };
}

const known = new Set([
  ...Object.keys(timeWords(new Date(0))),
  ...['class', 'part', 'model.id', 'model.name', 'sync.id', 'sync.slug', 'run.id', 'sync.run.id'],
]);

/** A name that people gave must not become a folder or a way out of one. */
const safe = (value: Value): string =>
  String(value ?? 'draft')
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '-')
    .replaceAll(/^\.+|\.+$/g, '-');
