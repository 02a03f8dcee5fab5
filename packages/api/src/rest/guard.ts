import { z } from '@hono/zod-openapi';
import { authorise } from '@sluice/domain/actor';
import type { Permission } from '@sluice/domain/permission';
import type { MiddlewareHandler } from 'hono';
import type { RestEnv } from './rest-env.ts';

/** The part of a route that says who may call it: checked before its input is read, and written into its description. */
export function guard(permission: Permission) {
  const middleware: MiddlewareHandler<RestEnv> = async (c, next) => {
    authorise(c.env.actor, permission);
    await next();
  };
  return { middleware, security: [{ bearer: [] }], 'x-permission': permission };
}

const ErrorBody = z
  .object({
    message: z.string(),
    details: z
      .object({ code: z.string(), message: z.string(), fix: z.string(), requestId: z.string() })
      .loose(),
  })
  .openapi('Error');

const error = (description: string) => ({
  description,
  content: { 'application/json': { schema: ErrorBody } },
});

/** Answers that every route may give. */
export const errors = {
  401: error('The token is missing, wrong, expired or revoked.'),
  403: error('The scope of the token does not allow this.'),
  413: error('The body is larger than 1 MB.'),
  429: error('Too many requests; Retry-After says when to come back.'),
} as const;

export const notFound = { 404: error('Nothing with this id exists in the workspace of the token.') } as const;
export const conflict = {
  409: error('It is in use, its slug is taken, or it was changed meanwhile.'),
} as const;
export const invalid = { 422: error('Validation failed; details.fields names each field.') } as const;

/** A successful JSON answer. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  200: { description, content: { 'application/json': { schema } } },
});

/** A JSON body that may be left out: it then counts as `{}`. */
export const optionalBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: false,
  content: { 'application/json': { schema } },
});

/** A JSON body. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
});
