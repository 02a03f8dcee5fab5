import { SluiceError } from '@sluice/domain/error';
import type { Connection, ConnectionOptions } from 'snowflake-sdk';
import { abortError, throwIfAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { egressProxy } from '../../kit/egress-proxy.ts';
import { sourceGrant } from '../../kit/source-grant.ts';
import type { SnowflakeSettings } from './configuration.ts';
import { snowflakeError, unreachable } from './error.ts';

/**
 * Exactly as it was: without this, numbers pass through doubles. Times keep all digits also as the driver's own dates, whose
 * text takes it several times as long to make as all the rest of a row.
 */
const exact = ['Boolean', 'Number', 'Buffer'];

/**
 * Signs in; the driver's traffic goes through the guard. Values come as text in one form, in UTC. Throws `egress_refused`,
 * `source_unreachable`, `source_auth`, or the signal's reason when it aborts.
 */
export async function connectSnowflake(
  settings: SnowflakeSettings,
  context: ConnectContext,
): Promise<Connection> {
  if (settings.credentials.kind !== 'oauth') return signIn(settings, context, credentialsOf(settings));
  const access = sourceGrant(context);
  const token = await access.token();
  const withToken = (accessToken: string) =>
    signIn(settings, context, { authenticator: 'OAUTH', token: accessToken } as ConnectionOptions);
  try {
    return await withToken(token);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.code !== 'source_auth') throw thrown;
    await access.renew(token);
    return withToken(await access.token());
  }
}

async function signIn(
  settings: SnowflakeSettings,
  context: ConnectContext,
  credentials: ConnectionOptions,
): Promise<Connection> {
  throwIfAborted(context.signal);
  const { url } = settings;
  const port = Number(url.port || 443);
  await context.egress.resolve(url.hostname, port).catch((thrown: unknown) => {
    throw snowflakeError(thrown, settings);
  });
  const [snowflake, proxy] = await Promise.all([loadDriver(), egressProxy(context.egress)]);
  const connection = snowflake.createConnection({
    account: settings.account,
    accessUrl: url.origin,
    ...(settings.user !== '' && { username: settings.user }),
    ...credentials,
    ...(settings.role !== null && { role: settings.role }),
    warehouse: settings.warehouse,
    database: settings.database,
    ...(settings.schema !== null && { schema: settings.schema }),
    application: 'Sluice',
    queryTag: context.label.slice(0, 2_000),
    fetchAsString: exact,
    // Otherwise NULL comes as the text NULL wherever values are fetched as text.
    representNullAsStringNull: false,
    rowMode: 'array',
    timeout: context.timeouts.queryMs ?? 60 * 60 * 1_000,
    sfRetryMaxLoginRetries: 1,
    clientSessionKeepAlive: true,
    proxyHost: proxy.host,
    proxyPort: proxy.port,
    proxyUser: proxy.user,
    proxyPassword: proxy.password,
    proxyProtocol: 'http',
    noProxy: '',
  } as ConnectionOptions);
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  const timer = setTimeout(() => reject(unreachable(settings)), context.timeouts.connectMs);
  const leave = () => reject(abortError(context.signal));
  context.signal.addEventListener('abort', leave, { once: true });
  connection.connect((error) => {
    if (error) reject(snowflakeError(error, settings));
    else resolve(connection);
  });
  try {
    return await promise;
  } catch (thrown) {
    endSnowflake(connection);
    throw thrown;
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', leave);
  }
}

/** Ends the session at the server; nobody waits for it. */
export function endSnowflake(connection: Connection): void {
  try {
    connection.destroy(() => {});
  } catch {
    // There was no session yet.
  }
}

/** Loaded when first needed: the driver is large, and most installations have other sources. */
async function loadDriver(): Promise<typeof import('snowflake-sdk')> {
  const loaded = (await import('snowflake-sdk')) as { default?: typeof import('snowflake-sdk') };
  const snowflake = (loaded.default ?? loaded) as typeof import('snowflake-sdk');
  // Its own log may hold rows. Revocation checks would contact whatever address a certificate names.
  // Documents are parsed here, where their numbers keep all digits.
  snowflake.configure({
    logLevel: 'OFF',
    disableOCSPChecks: true,
    jsonColumnVariantParser: (raw: string) => raw,
  });
  return snowflake;
}

function credentialsOf({ credentials }: SnowflakeSettings): ConnectionOptions {
  switch (credentials.kind) {
    case 'password':
      return { password: credentials.password } as ConnectionOptions;
    case 'token':
      return { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: credentials.token } as ConnectionOptions;
    case 'oauth':
      throw new Error('a token is asked of the grant');
    case 'key_pair':
      return { authenticator: 'SNOWFLAKE_JWT', privateKey: credentials.privateKey } as ConnectionOptions;
  }
}
