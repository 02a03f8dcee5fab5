import type { RequestForm } from './http-options.ts';

/** A first body to change, made from the model's first columns. */
export function exampleBody(
  type: RequestForm['bodyType'],
  columns: readonly string[],
  batched: boolean,
): string {
  const few = columns.slice(0, 3);
  const lines = (indent: string) =>
    few.map((name) => `${indent}${JSON.stringify(name)}: {{ ${pathOf(name)} | json }}`).join(',\n');
  if (type === 'json') {
    if (!batched) return `{\n${lines('  ')}\n}`;
    const comma = '{% unless forloop.last %},{% endunless %}';
    return `{\n  "rows": [\n    {% for row in rows %}\n    {\n${lines('      ')}\n    }${comma}\n    {% endfor %}\n  ]\n}`;
  }
  if (type === 'form') {
    if (batched) return 'rows={{ rows | json | url_encode }}';
    return few.map((name) => `${encodeURIComponent(name)}={{ ${pathOf(name)} | url_encode }}`).join('&');
  }
  const text = few.map((name) => `{{ ${pathOf(name)} }}`).join(', ');
  return batched ? `{% for row in rows %}${text}\n{% endfor %}` : text;
}

const pathOf = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `row.${name}` : `row[${JSON.stringify(name)}]`;
