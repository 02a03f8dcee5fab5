import { type ColumnType, columnTypes } from '@sluice/domain/column';
import fc from 'fast-check';

/** Numbers that text and doubles see differently, or that only some readers take for numbers. */
const numbers = [
  '0',
  '-0',
  '0.00',
  '-0.00',
  '-0.50',
  '7',
  '-12',
  '007',
  '-007',
  '1.50',
  '12.00',
  '100',
  '0.1',
  '0.000001',
  '0.0000001',
  '0.00000010',
  '99999999999999.99',
  '123456789012345',
  '-123456789012345',
  '1234567890123456',
  '12345678901234567',
  '9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '12345678901234567890123456789012345678',
  '-12345678901234567890123456789012345678',
  '12345678901234567890.12',
  '0.30000000000000004',
  '0.1000000000000000055',
  '5e-324',
  '1e21',
  '1e+21',
  '1E5',
  '1e400',
  '+5',
  '.5',
  '5.',
];
const notFinite = ['NaN', 'Infinity', '-Infinity'];

/** What no number, date or truth looks like, and what readers of lines and of JSON trip over. */
const strange = [
  '',
  ' ',
  'null',
  'NULL',
  '\\N',
  '\\.',
  '\\',
  'a\\nb',
  'tab\tbar',
  'unit\u001fseparator',
  '\u001f',
  'line\nbreak',
  'carriage\r\nreturn\r',
  '\n',
  '\u0001\b\f\v\u007f',
  'nul\0',
  '"quoted"',
  "it's",
  '😀 Zoë e\u0301 ',
  '\u2028\u2029\ufeff',
  '~0123456789abcdef01234567~',
  '12 ',
  ' 12',
  '１２',
  'true',
  'nan',
  '{broken',
];

const documents = [
  '{}',
  '[]',
  '{"a": 1, "bb": [true, null, "x"]}',
  '{"b":1,"10":2,"9":3}',
  '{"a":1,"a":2}',
  '{"__proto__": {"a": 1}}',
  '{"n": 1.50}',
  '{"n": -0}',
  '[-0.0, -0]',
  '[-0.5,"2026-01-02"]',
  '{"n": 9007199254740993}',
  '{"n": 12345678901234567890.5}',
  '{"n": 1e3}',
  '{"n": 1E400}',
  '[1,]',
  '{"a":1,}',
  '[NaN]',
  '[NAN, 1]',
  'Nan',
  '{"n":-Infinity}',
  '{"n":INF}',
  '{"info":"financial nanometres", "url": "https://example.org/*"}',
  '// note\n1',
  '[1] /* note */',
  '"text"',
  '"[1,2]"',
  '"5"',
  '5',
  '1.50',
  'true',
  'null',
  ' null ',
  '{"s":"tab\\tline\\n\\u2028 \u2028 \\u001f \u001f"}',
  '{"s":"raw\ttab"}',
  '{"s":"\\ud83d\\ude00"}',
  '{"s":"\\\\"}',
  '[[[[[["deep"]]]]]]',
];

const instants = [
  '2026-11-22',
  '10:20:30.5',
  '2026-11-22T07:00:00.123456Z',
  '2026-11-22T07:00:00',
  'infinity',
  '0044-03-15 BC',
];
const bytes = ['\\x', '\\x00ff', '\\xDEADBEEF', '\\xzz'];

const anyNumber = fc.oneof(
  fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true }).map(String),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.stringMatching(/^[0-9]{1,9}$/))
    .map(([whole, fraction]) => `${whole}.${fraction}`),
);
/** Every text but halves of surrogate pairs, which UTF-8 has not. */
const anyText = fc.string({ unit: 'binary', maxLength: 12 });
const anyDocument = fc.oneof(
  fc.json(),
  fc.jsonValue().map((value) => JSON.stringify(value, null, 1)),
);

const own: Record<ColumnType, fc.Arbitrary<string>> = {
  boolean: fc.constantFrom('true', 'false', 'TRUE', 't', 'yes'),
  integer: fc.oneof(fc.constantFrom(...numbers), anyNumber),
  decimal: fc.oneof(fc.constantFrom(...numbers, ...notFinite), anyNumber),
  float: fc.oneof(fc.constantFrom(...numbers, ...notFinite), anyNumber),
  string: fc.oneof(fc.constantFrom(...strange, ...numbers, ...documents), anyText),
  date: fc.constantFrom(...instants),
  time: fc.constantFrom(...instants),
  timestamp: fc.constantFrom(...instants),
  json: fc.oneof(fc.constantFrom(...documents, ...numbers, ...notFinite), anyDocument),
  array: fc.oneof(fc.constantFrom('["a",null]', '[1.50]', ...documents), anyDocument),
  binary: fc.constantFrom(...bytes),
  unknown: fc.oneof(fc.constantFrom(...strange), anyText),
};

/** Texts of a column: mostly what its type may hold, now and then what it promised not to hold, and NULL. */
export const textOf = (type: ColumnType): fc.Arbitrary<string | null> =>
  fc.oneof(
    { weight: 12, arbitrary: own[type] },
    { weight: 1, arbitrary: fc.constantFrom(...strange) },
    { weight: 1, arbitrary: fc.constant(null) },
  );

/** Numbers that a numeric column of PostgreSQL takes. */
export const numberText: fc.Arbitrary<string | null> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.oneof(fc.constantFrom(...numbers.filter((text) => text !== '1e400')), anyNumber),
  },
  { weight: 1, arbitrary: fc.constantFrom(...notFinite) },
  { weight: 1, arbitrary: fc.constant(null) },
);

export const anyType = fc.constantFrom(...columnTypes);
export const anyName = fc.oneof(
  fc.constantFrom(
    ...['select', 'a"b', "it's", 'a\\b', '', ' ', 'x y', '$&', 'naïve ключ 名', 'constructor', 'toString'],
    ...['line\nbreak', 'v0', 'seq', 'plain', '{{ x }}', '-1', '1.5', '01', '7', '__proto__', '\u2028'],
  ),
  anyText,
);
