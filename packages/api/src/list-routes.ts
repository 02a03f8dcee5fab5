import { type Permission, permissionsOfScope, type TokenScope, tokenScopes } from '@sluice/domain/permission';
import { apiDocument } from './rest/api-document.ts';
import { openapiPath } from './rest/rest-app.ts';
import type { ProcedureMeta } from './trpc/procedure.ts';
import { appRouter } from './trpc/router.ts';

/** A way into Sluice, and what it takes. */
export interface Route {
  readonly api: 'trpc' | 'rest';
  /** `query`, `mutation` or `subscription` of the console's API; an HTTP method of the REST API. */
  readonly method: string;
  /** `sync.create`, `/api/v1/syncs/{id}`. */
  readonly path: string;
  readonly permission: Permission | 'self' | 'public';
  /** The weakest scope of a token that may, for REST. */
  readonly scope: TokenScope | null;
}

/** Every procedure and REST route with its permission, by path. */
export function listRoutes(): Route[] {
  return [...procedures(), ...restRoutes()];
}

function procedures(): Route[] {
  return Object.entries(appRouter._def.procedures)
    .map(([path, procedure]) => {
      // tRPC keeps the definition out of the procedure's public type.
      const { type, meta } = (procedure as unknown as { _def: { type: string; meta?: ProcedureMeta } })._def;
      if (!meta) throw new Error(`the procedure ${path} names no permission`);
      return { api: 'trpc' as const, method: type, path, permission: meta.permission, scope: null };
    })
    .toSorted(byPath);
}

function restRoutes(): Route[] {
  const described = Object.entries(apiDocument().paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { 'x-permission': Permission }>).map(
      ([method, { 'x-permission': permission }]) => ({
        api: 'rest' as const,
        method: method.toUpperCase(),
        path,
        permission,
        scope: tokenScopes.find((scope) => permissionsOfScope(scope).has(permission)) ?? null,
      }),
    ),
  );
  const open = { api: 'rest', method: 'GET', path: openapiPath, permission: 'public', scope: null } as const;
  return [...described, open].toSorted(byPath);
}

const byPath = (a: Route, b: Route): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1;
