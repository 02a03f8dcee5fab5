import { SluiceError } from '@sluice/domain/error';
import { describe, expect, it } from 'vitest';
import { columnsOfTemplate, compileTemplate, parseTemplate } from '../template.ts';

const render = (
  template: string,
  row: Record<string, never> | Parameters<ReturnType<typeof compileTemplate>>[0]['row'],
) => compileTemplate(template)({ row: row ?? {} });

describe('a template', () => {
  it.each([
    ['Hello {{ row.name }}', 'Hello Ana'],
    ['{{ row["First Name"] }}', 'A'],
    ['{{ row.quote | json }}', '"say \\"hi\\""'],
    ['{{ row.big }} {{ row.big | json }}', '9007199254740993 9007199254740993'],
    ['{{ row.nothing }}|{{ row.nothing | json }}', '|null'],
    ['{{ row.object }}', '{"a":[1,9007199254740993]}'],
    ['{{ row.object.missing.deeper | default: "none" }}', 'none'],
    ['{{ row.size }}', 'XL'],
    ['{{ row.name.constructor }}', ''],
    ['{{ "2026-01-02T03:04:05Z" | date: "%Y-%m-%d %H:%M" }}', '2026-01-02 03:04'],
  ])('renders %s', (template, expected) => {
    const row = {
      name: 'Ana',
      'First Name': 'A',
      quote: 'say "hi"',
      big: 9007199254740993n,
      nothing: null,
      object: { a: [1, 9007199254740993n] },
      size: 'XL',
    };
    expect(render(template, row)).toBe(expected);
  });

  it('renders batches and facts about the run', () => {
    const template = compileTemplate('{{ context.run-id }}:{% for r in rows %}{{ r.id }},{% endfor %}');
    expect(template({ rows: [{ id: 1 }, { id: 2 }], context: { 'run-id': 7 } })).toBe('7:1,2,');
  });

  it.each([
    '{{ row.nope }}',
    '{% if row.nope %}x{% endif %}',
    '{% assign r = row %}{{ r.nope }}',
    '{{ row.toString }}',
    '{{ row.__proto__ }}',
  ])('names the unknown column of %s', (template) => {
    expect(() => render(template, { name: 'x' })).toThrow(/column "(nope|toString|__proto__)"/);
  });

  it.each([
    ['{{ row.name', /not closed, line 1/],
    ['{{ nme }}', /Unknown name "nme", line 1/],
    ['{{ row.a | nope }}', /Undefined filter: nope/],
    ['{% include "x" %}', /"include" not found/],
    ['{% render "x" %}', /"render" not found/],
    ['{% layout "x" %}', /"layout" not found/],
    [`{{ row.a }}${' '.repeat(100_001)}`, /needs too much/],
  ])('refuses %.20s when it is written', (template, message) => {
    expect(() => parseTemplate(template)).toThrow(message);
    expect(() => parseTemplate(template)).toThrow(SluiceError);
  });

  it.each([
    '{% for i in (1..1000000000) %}x{% endfor %}',
    '{% assign s = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}',
    '{% for a in (1..2000) %}{% for b in (1..2000) %}{% for c in (1..2000) %}{% endfor %}{% endfor %}{% endfor %}',
    '{{ "x" | ljust: 100000000 }}',
  ])('stops %.30s soon', (template) => {
    const startedAt = performance.now();
    expect(() => render(template, {})).toThrow(SluiceError);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('the columns of a template', () => {
  it.each([
    ['{{ row.a }} {% if row["b c"] == row.d %}{% endif %}', ['a', 'b c', 'd']],
    ['no columns', []],
    ['{{ context.run-id }}', []],
    ['{{ row | json }}', 'all'],
    ['{{ row[context.run-id] }}', 'all'],
    ['{% for r in rows %}{{ r.a }}{% endfor %}', 'all'],
    ['{% assign x = row.list | where_exp: "i", "i == row.hidden" %}', 'all'],
  ])('%s', (template, expected) => {
    expect(columnsOfTemplate(template)).toEqual(expected);
  });
});
