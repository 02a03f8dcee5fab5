import type { ServiceContext } from '@sluice/services/context';
import { checkDatabase } from '@sluice/services/health/check-database';

export interface Health {
  status: 'ok' | 'unavailable';
  database: boolean;
}

/** What the console needs to answer people: its database, within 2 seconds. */
export async function checkHealth(services: ServiceContext): Promise<Health> {
  const database = await checkDatabase(services, 2000);
  return { status: database ? 'ok' : 'unavailable', database };
}
