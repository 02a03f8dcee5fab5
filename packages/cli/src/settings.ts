import { SluiceError } from '@sluice/domain/error';

/** Where Sluice is, and who asks. */
export interface Settings {
  /** Ends with `/api/v1`. */
  readonly url: string;
  readonly token: string;
}

/**
 * The settings of the flags, or else of `SLUICE_URL` and `SLUICE_TOKEN`. Throws `settings_invalid` naming what is
 * missing or wrong.
 */
export function readSettings(
  flags: { readonly url?: string | undefined; readonly token?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const url = flags.url || environment.SLUICE_URL;
  const token = (flags.token || environment.SLUICE_TOKEN)?.trim();
  if (!url) {
    throw new SluiceError('settings_invalid', 'It is not known where Sluice is.', {
      fix: 'Set SLUICE_URL, or use --url: the address you open in the browser, such as https://sluice.example.com.',
    });
  }
  if (!token) {
    throw new SluiceError('settings_invalid', 'There is no token.', {
      fix: 'Make one in Sluice under Settings → API tokens, and set SLUICE_TOKEN (or use --token).',
    });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new SluiceError('settings_invalid', 'The token has characters that no token has.', {
      fix: 'Copy it again: it begins with slc_ and is one word.',
    });
  }
  return { url: apiUrl(url), token };
}

function apiUrl(given: string): string {
  const url = URL.parse(given);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw new SluiceError('settings_invalid', `"${given}" is not an address of Sluice.`, {
      fix: 'Write it like https://sluice.example.com, without user and password.',
    });
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  return `${url.origin}${path}/api/v1`;
}
