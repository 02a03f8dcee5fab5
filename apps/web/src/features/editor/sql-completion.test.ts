import { CompletionContext } from '@codemirror/autocomplete';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import {
  mentionedTables,
  type NamedTable,
  type SqlSchema,
  sqlCompletions,
  tableIndex,
} from './sql-completion.ts';

const columns: Record<string, string[]> = {
  'public.users': ['id', 'email', 'Full name'],
  'public.orders': ['id', 'total'],
  'crm.deals': ['stage'],
  'crm.Odd.Name': ['x'],
};
const tables = Object.keys(columns).map((name) => {
  const dot = name.indexOf('.');
  return { schema: name.slice(0, dot), name: name.slice(dot + 1) };
});

/** What is offered at the `|` in the text, and which tables were asked for their columns. */
async function offered(text: string, schema: Partial<SqlSchema> = {}, explicit = false) {
  const asked: string[] = [];
  const columnsOf = async ({ schema: of, name }: NamedTable) => {
    asked.push(`${of}.${name}`);
    return columns[`${of}.${name}`] ?? [];
  };
  const position = text.indexOf('|');
  const state = EditorState.create({
    doc: text.replace('|', ''),
    extensions: sql({ dialect: PostgreSQL }),
  });
  const context = new CompletionContext(state, position, explicit);
  const sources = sqlCompletions({ tables, defaultSchema: 'public', columnsOf, ...schema });
  const results = await Promise.all(sources.map((source) => source(context)));
  return { labels: results.flatMap((result) => result?.options.map(({ label }) => label) ?? []), asked };
}

test('schemas and the tables of the default one come without any question', async () => {
  const { labels, asked } = await offered('select * from u|');
  expect(labels).toEqual(['public', 'crm', 'users', 'orders']);
  expect(asked).toEqual([]);
  expect((await offered('select * from crm.|')).labels).toEqual(['deals', 'Odd.Name']);
});

test('columns are asked of the tables that the statement mentions, and of no other', async () => {
  const { labels, asked } = await offered('select u.| from users u join crm.deals d on d.stage = u.id');
  expect(labels).toEqual(['id', 'email', 'Full name']);
  expect(asked).toEqual(['crm.deals', 'public.users']);
  expect((await offered('select d.| from crm.deals d')).labels).toEqual(['stage']);
  expect((await offered('select users.e|')).labels).toEqual(['id', 'email', 'Full name']);
  expect((await offered('select x.| from crm."Odd.Name" as x')).labels).toEqual(['x']);
});

test('texts and comments complete nothing and ask for nothing', async () => {
  for (const text of ["select 'users|'", '-- users|', 'select 1 + 1|'])
    expect(await offered(text)).toEqual({ labels: [], asked: [] });
});

test('columns that do not come keep nothing else back', async () => {
  const { labels } = await offered('select * from users, o|', { columnsOf: async () => [] });
  expect(labels).toEqual(expect.arrayContaining(['orders', 'crm']));
});

test('a name that many schemas have is asked of those that are named, then of the default one, and of twenty at most', () => {
  const many = Array.from({ length: 300 }, (_, place) => ({ schema: `tenant_${place}`, name: 'Users' }));
  const found = mentionedTables(tableIndex(many), 'tenant_7', 'select * from tenant_250.users');
  expect(found).toHaveLength(20);
  expect(found.slice(0, 2).map(({ schema }) => schema)).toEqual(['tenant_250', 'tenant_7']);
  expect(mentionedTables(tableIndex(many), undefined, 'select "user""s"')).toEqual([]);
});
