import { allColumnsOption, type DestinationObjectDetail } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';

const option = (field: Omit<ConfigField, 'secret' | 'required'> & { required?: boolean }): ConfigField => ({
  secret: false,
  required: false,
  ...field,
});

const choices = (...list: readonly (readonly [value: string, label: string])[]) =>
  list.map(([value, label]) => ({ value, label }));

const csvOnly = { field: 'format', values: ['csv'] } as const;

/** What every destination of files asks of a sync. */
export const fileOptions: readonly ConfigField[] = [
  option({
    name: 'fileName',
    label: 'File name',
    kind: 'text',
    help: 'Folders with slashes. {YYYY} {YY} {MM} {DD} {HH} {mm} {ss} {ms} {X} {x} are the time the run started, in UTC; also {model.id} {model.name} {sync.id} {sync.slug} {run.id} {class} {part}. The extension is added. A name that stays the same is overwritten by each run.',
    placeholder: '{sync.slug}/{YYYY}-{MM}-{DD}T{HH}{mm}{ss}-{run.id}',
    required: true,
    default: '{sync.slug}/{YYYY}-{MM}-{DD}T{HH}{mm}{ss}-{run.id}',
  }),
  option({
    name: allColumnsOption,
    label: 'All columns of the model',
    kind: 'checkbox',
    help: 'Every column under its own name, the primary key first, and new ones as they come: nothing is mapped then.',
    default: false,
  }),
  option({
    name: 'format',
    label: 'Format',
    kind: 'select',
    help: 'CSV as in RFC 4180, one JSON object a line, or Parquet with the types of the model.',
    required: true,
    default: 'csv',
    options: choices(['csv', 'CSV'], ['ndjson', 'NDJSON'], ['parquet', 'Parquet']),
  }),
  option({
    name: 'compression',
    label: 'Compression',
    kind: 'select',
    help: 'Of the whole file; in Parquet of its pages, which are compressed with Snappy otherwise.',
    required: true,
    default: 'none',
    options: choices(['none', 'None'], ['gzip', 'gzip'], ['zstd', 'Zstandard']),
  }),
  option({
    name: 'delimiter',
    label: 'Delimiter',
    kind: 'select',
    help: 'What stands between two values.',
    default: ',',
    options: choices([',', 'Comma'], [';', 'Semicolon'], ['\t', 'Tab'], ['|', 'Pipe']),
    visibleWhen: csvOnly,
  }),
  option({
    name: 'header',
    label: 'Names of the columns in the first line',
    kind: 'checkbox',
    help: 'Turn off for systems that take them for a row.',
    default: true,
    visibleWhen: csvOnly,
  }),
  option({
    name: 'quote',
    label: 'Quotes',
    kind: 'select',
    help: 'Around values with a delimiter, a quote or a line break in them, or around all.',
    default: 'needed',
    options: choices(['needed', 'Where they are needed'], ['always', 'Around every value']),
    visibleWhen: csvOnly,
  }),
  option({
    name: 'lineEnd',
    label: 'End of line',
    kind: 'select',
    help: 'Windows programs may want CR LF.',
    default: 'lf',
    options: choices(['lf', 'LF'], ['crlf', 'CR LF']),
    visibleWhen: csvOnly,
  }),
  option({
    name: 'nullText',
    label: 'NULL is written as',
    kind: 'text',
    help: 'Empty = nothing between the delimiters; an empty text is then written with quotes.',
    placeholder: '\\N',
    visibleWhen: csvOnly,
  }),
  option({
    name: 'operationColumn',
    label: 'Column for what happened',
    kind: 'text',
    help: 'In the mode Diff, the first column of each file says added, changed or removed. Empty = no such column.',
    placeholder: '_operation',
    default: '_operation',
  }),
  option({
    name: 'rowsMax',
    label: 'Rows of one file at most',
    kind: 'number',
    help: 'More rows become several files with a part number, which several workers write at once. Empty = one file.',
    placeholder: '1000000',
  }),
  option({
    name: 'emptyFile',
    label: 'Write a file also when there are no rows',
    kind: 'checkbox',
    help: 'For systems that wait for a file from every run.',
    default: false,
  }),
  option({
    name: 'timeOffsetSeconds',
    label: 'Offset of the time in file names, seconds',
    kind: 'number',
    help: 'Added to the time the run started: 3600 for an hour later.',
    default: 0,
  }),
];

/** The one object of a destination of files. `options` are those that it has beside the usual ones. */
export const fileObject = (options: readonly ConfigField[] = []): DestinationObjectDetail => ({
  id: 'file',
  label: 'Files',
  modes: ['all', 'insert', 'diff'],
  mapping: 'fields',
  deleteBehaviours: ['nothing'],
  noMatchKey: true,
  openFields: true,
  fields: [],
  options: [...fileOptions, ...options],
});
