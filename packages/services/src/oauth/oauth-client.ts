import type { OAuthDefinition } from '@sluice/connectors/kit/oauth';
import { destinationDefinitions, sourceDefinitions } from '@sluice/connectors/registry';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';

/** The application that the operator registered at a vendor. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** Leads to a sandbox of the vendor instead: only the operator can, because the secret goes there. */
  readonly origin: string | null;
}

/**
 * Reads `OAUTH_CLIENTS`: `hubspot:client id:client secret`, separated by commas; a fourth part is the origin of a
 * sandbox. Throws `settings_invalid` without showing a value.
 */
export function parseOAuthClients(text: string): Map<string, OAuthClient> {
  const clients = new Map<string, OAuthClient>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [provider = '', id = '', secret = '', ...origin] = entry.split(':');
    const sandbox = origin.join(':');
    if (
      !/^[a-z][a-z0-9-]*$/.test(provider) ||
      id === '' ||
      secret === '' ||
      (sandbox !== '' && !URL.canParse(sandbox))
    ) {
      throw new SluiceError(
        'settings_invalid',
        'An entry of OAUTH_CLIENTS is not provider:client id:client secret.',
      );
    }
    clients.set(provider, { id, secret, origin: sandbox === '' ? null : new URL(sandbox).origin });
  }
  return clients;
}

/** What a connector says about signing in at its vendor. Throws `input_invalid` where it has no such way. */
export function oauthOf(connector: string): OAuthDefinition {
  const definition = [destinationDefinitions, sourceDefinitions].find((all) =>
    Object.hasOwn(all, connector),
  )?.[connector];
  if (definition?.oauth) return definition.oauth;
  const message = `Nobody signs in at a vendor for "${connector}".`;
  throw new SluiceError('input_invalid', message, { fields: { connector: message } });
}

type Clients = { readonly settings: Pick<ServiceContext['settings'], 'oauthClients'> };

/** The operator's client for a vendor, `null` when there is none that can be used. */
export function findClient(ctx: Clients, { provider, perAccount }: OAuthDefinition): OAuthClient | null {
  const client = ctx.settings.oauthClients.get(provider);
  return client && (perAccount === undefined || client.origin !== null) ? client : null;
}

/** The operator's client for a vendor. Throws `settings_invalid` when there is none. */
export function clientOf(ctx: Clients, definition: OAuthDefinition): OAuthClient {
  const client = findClient(ctx, definition);
  if (client) return client;
  const { provider, name, perAccount } = definition;
  const origin = perAccount === undefined ? '' : `:${perAccount}`;
  throw new SluiceError('settings_invalid', `This installation has no client at ${name} yet.`, {
    fix: `Have the operator register an application at ${name} and set OAUTH_CLIENTS=${provider}:<client id>:<client secret>${origin}.`,
  });
}

/** Where the vendor sends people back to; the operator registers it. */
export const callbackUrl = (ctx: ServiceContext): string => `${ctx.settings.publicUrl}/api/oauth/callback`;

/** An address of the vendor, or the same at the operator's sandbox. */
export function vendorUrl(url: string, { origin }: OAuthClient): URL {
  const target = new URL(url);
  return origin === null ? target : new URL(target.pathname + target.search, origin);
}
