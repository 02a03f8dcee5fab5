import { expect, test } from 'vitest';
import { listRoutes } from './list-routes.ts';
import { apiDocument } from './rest/api-document.ts';
import { restApp } from './rest/rest-app.ts';
import { appRouter } from './trpc/router.ts';

const routes = listRoutes();

test('every route that answers is in the OpenAPI document, and has a permission and a summary', () => {
  const answering = restApp.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  const listed = routes
    .filter(({ api, permission }) => api === 'rest' && permission !== 'public')
    .map(({ method, path }) => `${method} ${path}`);
  expect(listed.toSorted()).toEqual([...new Set(answering)].toSorted());
  expect(
    routes.filter(({ api, scope, permission }) => api === 'rest' && !scope && permission !== 'public'),
  ).toEqual([]);
  const { paths, openapi } = apiDocument();
  expect(openapi).toBe('3.1.0');
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations)) {
      expect(operation).toMatchObject({ summary: expect.any(String), tags: [expect.any(String)] });
      expect(operation).toMatchObject({
        responses: { 401: {}, 403: {}, 429: {} },
        security: [{ bearer: [] }],
      });
    }
  }
});

test('every procedure is listed', () => {
  const listed = routes.filter(({ api }) => api === 'trpc').map(({ path }) => path);
  expect(listed).toEqual(Object.keys(appRouter._def.procedures).toSorted());
});

test('patterns are those of JSON Schema: they compile, and have no flags behind them', () => {
  const patterns = new Set<string>();
  JSON.stringify(apiDocument(), (name, value: unknown) => {
    if (name === 'pattern' && typeof value === 'string') patterns.add(value);
    return value;
  });
  expect(patterns.size).toBeGreaterThan(2);
  for (const pattern of patterns) {
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
    expect(pattern.endsWith('/u')).toBe(false);
  }
});
