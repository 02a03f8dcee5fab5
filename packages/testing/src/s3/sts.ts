import { Refusal } from './bucket.ts';
import type { Answer } from './operations.ts';

/** A role that may be assumed, by whoever knows its external id. */
export interface Role {
  readonly arn: string;
  readonly externalId: string;
}

/**
 * Gives out keys of a role, which hold for an hour.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (2026-11)
 */
export function assumeRole(
  body: string,
  roles: readonly Role[],
  keys: Map<string, { secret: string; token?: string }>,
): Answer {
  const form = new URLSearchParams(body);
  const role = roles.find(({ arn }) => arn === form.get('RoleArn'));
  if (form.get('Action') !== 'AssumeRole' || !/^[\w+=,.@-]{2,64}$/.test(form.get('RoleSessionName') ?? '')) {
    throw new Refusal(400, 'ValidationError');
  }
  if (!role || role.externalId !== form.get('ExternalId')) {
    throw new Refusal(403, 'AccessDenied', 'User is not authorized to perform: sts:AssumeRole');
  }
  const id = `ASIASLUICETEST${String(keys.size).padStart(6, '0')}`;
  const key = { secret: `temporary/secret/${id}`, token: `session-token-of-${id}` };
  keys.set(id, key);
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${key.secret}</SecretAccessKey><SessionToken>${key.token}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}
