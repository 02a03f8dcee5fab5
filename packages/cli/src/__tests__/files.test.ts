import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { secretSet } from '@sluice/domain/field';
import { SyncConfiguration } from '@sluice/domain/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Definitions } from '../files/definition.ts';
import { definitionSchemas } from '../files/definition.ts';
import { fillReferences, mapTexts } from '../files/environment-reference.ts';
import { readDirectory } from '../files/read-directory.ts';
import { readYaml } from '../files/read-yaml.ts';
import { withReferences, writeYaml } from '../files/write-yaml.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-files-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Text that YAML would like to read as something else, and any other. */
const text = fc.oneof(
  fc.constantFrom(
    'no',
    'null',
    '1e3',
    '0x1f',
    '- a',
    '# b',
    'a: b',
    '{}',
    '&a',
    '*a',
    '!t',
    '%',
    '"',
    "'",
    '~',
    '<<',
  ),
  fc.constantFrom('a\nb', ' a\n  b\n', 'a\r\nb', '\ta', 'a \n', '\u2028', '😀', '---', '...', '|', '>'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => !value.includes('\0')),
);
const tags = fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), text, { maxKeys: 3 });

test('a model reads back as it was written, whatever its texts', () => {
  const written = fc.record({ name: text, description: text, primaryKey: text, sql: text, tags });
  fc.assert(
    fc.property(written, ({ sql, ...fields }) => {
      const given = definitionSchemas.models.safeParse({
        ...fields,
        source: 'warehouse',
        query: { queryType: 'raw_sql', sql },
      });
      fc.pre(given.success);
      if (!given.success) return;
      const { value, errors } = readYaml(writeYaml('models', given.data));
      expect(errors).toEqual([]);
      expect(definitionSchemas.models.parse(value)).toEqual(given.data);
    }),
  );
});

test('a sync reads back as it was written, with what is left out filled in', () => {
  const mapping = fc.oneof(
    fc.record({
      type: fc.constant('column' as const),
      to: text,
      from: text,
      nulls: fc.constantFrom('send', 'skip'),
    }),
    fc.record({
      type: fc.constant('static' as const),
      to: text,
      value: fc.oneof(
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
    }),
    fc.record({ type: fc.constant('template' as const), to: text, template: text }),
  );
  const configuration = fc.record({
    object: text,
    mode: fc.constantFrom('upsert', 'insert', 'mirror', 'trigger'),
    matchKey: fc.option(fc.record({ from: text, to: text })),
    mappings: fc.array(mapping, { maxLength: 3 }),
    options: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.array(text, { maxLength: 2 })), {
      maxKeys: 2,
    }),
    guards: fc.constantFrom({}, { changedRowsMax: 5 }, { removedShareMax: null }),
  });
  fc.assert(
    fc.property(configuration, tags, fc.boolean(), (given, tagged, disabled) => {
      const parsed = SyncConfiguration.safeParse(given);
      fc.pre(parsed.success);
      if (!parsed.success) return;
      const definition: Definitions['syncs'] = {
        model: 'users',
        destination: 'crm',
        configuration: parsed.data,
        schedule: null,
        disabled,
        tags: tagged,
      };
      const { value, errors } = readYaml(writeYaml('syncs', definition));
      expect(errors).toEqual([]);
      expect(definitionSchemas.syncs.parse(value)).toEqual(JSON.parse(JSON.stringify(definition)));
    }),
  );
});

test('the configuration of a connection loses its secrets and nothing else', () => {
  const configuration = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.oneof(text, fc.integer(), fc.boolean()),
  );
  fc.assert(
    fc.property(configuration, (given) => {
      const shown = { ...given, password: secretSet };
      const { configuration: written, variables } = withReferences(
        { noun: 'source', slug: 'a-b' },
        shown,
        new Map(),
      );
      expect(variables).toEqual([`\${SOURCE_A_B_PASSWORD}`]);
      const back = mapTexts(written, (value) => fillReferences(value, { SOURCE_A_B_PASSWORD: secretSet }));
      expect(back).toEqual(shown);
    }),
  );
});

test('any text as a file is read or refused with a line, and never breaks the reader', async () => {
  await mkdir(join(directory, 'syncs'));
  const yaml = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'a:',
          '- ',
          '  ',
          '\n',
          '{',
          '}',
          '[',
          '&x',
          '*x',
          '!!js',
          '"',
          '|',
          '? ',
          '<<: ',
          '\t',
        ),
        {
          maxLength: 30,
        },
      )
      .map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(yaml, async (content) => {
      await writeFile(join(directory, 'syncs/any.yaml'), content);
      const { files, problems } = await readDirectory(directory);
      expect(files.syncs.size).toBe(0);
      expect(problems.length).toBeGreaterThan(0);
      for (const { file, line } of problems)
        expect([file, line]).toEqual(['syncs/any.yaml', expect.any(Number)]);
    }),
  );
});

test('the examples of the documentation are right', async () => {
  const page = await readFile(
    resolve(import.meta.dirname, '../../../../docs/configuration-as-code.md'),
    'utf8',
  );
  const examples = [...page.matchAll(/```yaml\n# (sources|models|syncs)\/[\s\S]*?```/g)];
  expect(examples.map(([, kind]) => kind)).toEqual(['sources', 'models', 'syncs']);
  for (const [block, kind] of examples) {
    const { value, errors } = readYaml(block.replaceAll(/```(?:yaml)?/g, ''));
    expect(errors).toEqual([]);
    definitionSchemas[kind as 'sources'].parse(value);
  }
});

test('a bomb of aliases is refused', () => {
  const levels = Array.from(
    { length: 9 },
    (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join(', ')}]`,
  );
  expect(readYaml(['l0: &l0 x', ...levels].join('\n')).errors).toHaveLength(1);
});
