import { expect, test } from 'vitest';
import config from '../next.config.ts';

/** The headers that Next sets on a path; rules are prefixes followed by `:path*`. */
async function headersOf(path: string): Promise<Record<string, string>> {
  const rules = (await config.headers?.()) ?? [];
  const matching = rules.filter(({ source }) => path.startsWith(source.replace(/:path\*$/, '')));
  return Object.fromEntries(
    matching.flatMap(({ headers }) => headers.map(({ key, value }) => [key.toLowerCase(), value])),
  );
}

test.each(['/acme/syncs', '/sign-in', '/api/v1/syncs', '/api/trpc/sync.list', '/_next/static/x.js'])(
  '%s is what it says it is, and stands in no frame',
  async (path) => {
    expect(await headersOf(path)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
  },
);

test('an answer of an API loads and runs nothing, whatever it holds; pages have a policy of their own', async () => {
  const policy = "default-src 'none'; frame-ancestors 'none'";
  expect((await headersOf('/api/v1/runs/1'))['content-security-policy']).toBe(policy);
  expect((await headersOf('/api/console/runs/1/rejected.csv'))['content-security-policy']).toBe(policy);
  expect(await headersOf('/acme')).not.toHaveProperty('content-security-policy');
});

test('nobody is told what serves the page', () => {
  expect(config.poweredByHeader).toBe(false);
});
