import { authorise } from '@sluice/domain/actor';
import type { Permission } from '@sluice/domain/permission';
import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import type { Context } from './context.ts';
import { apiErrorView, sluiceErrorOf, trpcErrorOf } from './error-shape.ts';

/** Who may call a procedure. Every procedure has it; a test calls each one as somebody who lacks it. */
export interface ProcedureMeta {
  /** `self`: any signed-in person, without a workspace. `public`: anybody. */
  readonly permission: Permission | 'self' | 'public';
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    isDev: false,
    errorFormatter: ({ shape, error, ctx }) => {
      const sluice = sluiceErrorOf(error);
      return {
        ...shape,
        message: sluice.message,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          sluice: apiErrorView(sluice, ctx?.requestId ?? 'unknown'),
        },
      };
    },
    sse: {
      maxDurationMs: 30 * 60_000,
      ping: { enabled: true, intervalMs: 10_000 },
      client: { reconnectAfterInactivityMs: 25_000 },
    },
  });

export const { router, mergeRouters, createCallerFactory } = t;

const guarded = t.procedure.use(async ({ ctx, path, type, next }) => {
  const result = await next();
  if (result.ok) return result;
  const error = sluiceErrorOf(result.error);
  const entry = { requestId: ctx.requestId, procedure: path, type, code: error.code };
  if (error.fault === 'ours')
    ctx.services.log.error({ ...entry, err: error.cause ?? error }, 'procedure failed');
  else ctx.services.log.debug(entry, 'procedure refused');
  throw trpcErrorOf(error);
});

/** For anybody, signed in or not. */
export const publicProcedure = guarded.meta({ permission: 'public' });

/** For a signed-in person outside any workspace; the context has `person`. */
export const personProcedure = guarded
  .meta({ permission: 'self' })
  .use(async ({ ctx, next }) => next({ ctx: { person: await ctx.person() } }));

/** For a member of the workspace in the request who has the permission; the context has `actor`. */
export function workspaceProcedure(permission: Permission) {
  return guarded.meta({ permission }).use(async ({ ctx, next }) => {
    const actor = await ctx.actor();
    authorise(actor, permission);
    return next({ ctx: { actor } });
  });
}
