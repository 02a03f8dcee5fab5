import { createHmac } from 'node:crypto';

/**
 * The header `Sluice-Signature`: `t=<unix seconds>,v1=<hex>`, one `v1` per secret. Each is HMAC-SHA-256 over
 * `<t>.<body>`, so that a receiver can refuse what is old as well as what is forged.
 */
export function signPayload(secrets: readonly string[], body: string, at: Date): string {
  const time = Math.floor(at.getTime() / 1000);
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`,
  );
  return [`t=${time}`, ...signatures].join(',');
}
