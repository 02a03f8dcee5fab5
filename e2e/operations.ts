import { rawSender } from '@sluice/testing/raw-http';
import type { Customer } from './customer.ts';

/** The workspace that the product makes at its first start, with a token of the scope write. */
export const operations = () => ({
  slug: 'operations',
  email: process.env.E2E_OPERATOR_EMAIL ?? '',
  password: process.env.E2E_OPERATOR_PASSWORD ?? '',
  token: process.env.E2E_OPERATOR_TOKEN ?? '',
  /** Sends to the started product exactly what it is given. */
  send: rawSender(process.env.E2E_URL ?? ''),
});

/** A customer's database as the `configuration` of a source. */
export function configurationOf({ host, port, database, user, password }: Customer): Record<string, unknown> {
  return { host, port: Number(port), database, user, password, sslMode: 'disable' };
}
