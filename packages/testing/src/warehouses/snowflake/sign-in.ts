import { createHash, createPublicKey, createVerify } from 'node:crypto';

/** Somebody who may sign in. */
export interface SnowflakeUser {
  readonly name: string;
  readonly password?: string;
  /** Programmatic access token. */
  readonly token?: string;
  /** PEM of the public half of a key pair. */
  readonly publicKey?: string;
}

/** Answers the code of the refusal, or `null` when the user may come in. */
export function refuseSignIn(
  data: Record<string, string | undefined>,
  account: string,
  users: readonly SnowflakeUser[],
): string | null {
  const user = users.find(({ name }) => name.toUpperCase() === data.LOGIN_NAME?.toUpperCase());
  switch (data.AUTHENTICATOR) {
    case 'SNOWFLAKE_JWT':
      return user?.publicKey && validJwt(data.TOKEN ?? '', account, user.name, user.publicKey)
        ? null
        : '390144';
    case 'PROGRAMMATIC_ACCESS_TOKEN':
      return user?.token !== undefined && user.token === data.TOKEN ? null : '394400';
    case 'OAUTH':
      return users.some(({ token }) => token !== undefined && token === data.TOKEN) ? null : '390303';
    default:
      return user?.password !== undefined && user.password === data.PASSWORD ? null : '390100';
  }
}

/** https://docs.snowflake.com/en/user-guide/key-pair-auth (read 2026-11-22): issuer names the key's fingerprint. */
function validJwt(token: string, account: string, user: string, publicKey: string): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const key = createPublicKey(publicKey);
  const signed = createVerify('RSA-SHA256')
    .update(`${header}.${payload}`)
    .verify(key, Buffer.from(signature, 'base64url'));
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss?: string; sub?: string };
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  const subject = `${account}.${user}`.toUpperCase();
  return signed && claims.sub === subject && claims.iss === `${subject}.SHA256:${fingerprint}`;
}
