import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import { EgressFailure } from '../../kit/egress-failure.ts';
import { FileNotStored } from '../../kit/file/file-store.ts';
import type { SftpSettings } from './configuration.ts';

/** https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02#section-7 (2026-11) */
export const sftpStatus = { noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;

/** The status that the server answered with; `null` when it answered nothing. */
export const statusOf = (thrown: unknown): number | null => {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return typeof code === 'number' ? code : null;
};

/** What a failure means while a file is written: FileNotStored where another try may help, a SluiceError where not. */
export function sftpFailure(thrown: unknown, settings: SftpSettings): FileNotStored | SluiceError {
  if (thrown instanceof FileNotStored) return thrown;
  const status = statusOf(thrown);
  if (status === sftpStatus.failure) {
    return new FileNotStored('failure', `The server could not do it (${wordsOf(thrown)}).`, {
      cause: thrown,
    });
  }
  const error = sftpError(thrown, settings);
  if (error.code !== 'destination_unreachable') return error;
  return new FileNotStored('connection_lost', error.message, { cause: thrown });
}

/** Any failure, as a SluiceError. */
export function sftpError(thrown: unknown, settings: SftpSettings): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const options: ErrorOptions = { cause: thrown };
  const words = wordsOf(thrown);
  switch (statusOf(thrown)) {
    case null:
      break;
    case sftpStatus.permissionDenied:
      return new SluiceError('destination_permission', `${settings.user} may not write there (${words}).`, {
        ...options,
        fix: `Let ${settings.user} make, rename and remove files in the folder.`,
      });
    case sftpStatus.noSuchFile:
      return new SluiceError('destination_object_missing', 'The folder does not exist and cannot be made.', {
        ...options,
        fix: 'Check the folder of the connection.',
      });
    default:
      return new SluiceError('destination_failed', `The server says: ${words}.`, options);
  }
  const { level } = (thrown ?? {}) as { level?: string };
  if (level === 'client-authentication' || /privateKey|passphrase/i.test(words)) {
    return new SluiceError('destination_auth', `The server did not let ${settings.user} in.`, {
      ...options,
      fix: 'Check the user, and the password or the key and its passphrase.',
    });
  }
  if (level === 'handshake' || level === 'protocol') {
    return new SluiceError('destination_tls', `No encrypted connection could be made: ${words}.`, options);
  }
  const found = thrown instanceof EgressFailure && thrown.stage === 'dns';
  return new SluiceError(
    'destination_unreachable',
    found ? thrown.message : `No SFTP server could be reached at ${settings.host}:${settings.port}.`,
    { ...options, fix: 'Check host and port, that the server runs, and that its firewall lets Sluice in.' },
  );
}

const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
