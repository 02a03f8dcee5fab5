import type { ServiceContext } from '@sluice/services/context';
import { checkDatabase } from '@sluice/services/health/check-database';

export interface Health {
  status: 'ok' | 'unavailable';
  /** The process answers: starting it again would not help. */
  live: true;
  /** It can serve people and clients. */
  ready: boolean;
  /** Why it is not ready, for operators. */
  reasons: string[];
  database: boolean;
}

/** What the console needs to answer people: its database, within 2 seconds. */
export async function checkHealth(services: Pick<ServiceContext, 'db'>): Promise<Health> {
  const database = await checkDatabase(services, 2000);
  const reasons = database
    ? []
    : ['The database did not answer within 2 seconds. Check that it runs and that DATABASE_URL is right.'];
  return { status: database ? 'ok' : 'unavailable', live: true, ready: database, reasons, database };
}
