import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from './source.ts';

/** How a server knows us by TLS. */
export interface ClientCertificate {
  /** PEM, with the certificates in between where there are any. */
  readonly cert: string;
  readonly key: string;
}

const encrypted = { field: 'sslMode', values: ['require', 'verify-full'] };

/** For servers that ask clients for a certificate. */
export const clientCertificateFields: readonly ConfigField[] = [
  {
    name: 'sslCert',
    label: 'Client certificate',
    kind: 'textarea',
    help: 'PEM text, only for servers that ask clients for a certificate.',
    placeholder: '-----BEGIN CERTIFICATE-----',
    secret: false,
    required: false,
    visibleWhen: encrypted,
  },
  {
    name: 'sslKey',
    label: 'Client key',
    kind: 'textarea',
    help: 'PEM text of the private key of the client certificate, without a passphrase. Stored encrypted and never shown again.',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    secret: true,
    required: false,
    visibleWhen: encrypted,
  },
];

/**
 * The client certificate of a connection, `null` without one. What is wrong with it is put into `fields`, under the name of the
 * field.
 */
export function readClientCertificate(
  configuration: Configuration,
  fields: Record<string, string>,
): ClientCertificate | null {
  const text = (name: string): string => String(configuration[name] ?? '').trim();
  const [cert, key] = [text('sslCert'), text('sslKey')];
  if (cert === '' && key === '') return null;
  const certificate = attempt(() => new X509Certificate(cert));
  const privateKey = attempt(() => createPrivateKey(key));
  if (!certificate)
    fields['configuration.sslCert'] = 'Paste the certificate as PEM text, with its BEGIN and END lines.';
  if (!privateKey)
    fields['configuration.sslKey'] =
      'Paste the private key as PEM text; a key with a passphrase cannot be used.';
  if (certificate && privateKey && !certificate.checkPrivateKey(privateKey))
    fields['configuration.sslKey'] = 'This key does not belong to the client certificate.';
  return { cert, key };
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
