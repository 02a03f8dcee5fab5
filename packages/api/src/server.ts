import type { OpenContext } from '@sluice/services/open-context';
import { openContext } from '@sluice/services/open-context';
import { readSettings, ServiceEnvironment } from '@sluice/services/settings';

/** What the console's server holds for its lifetime. */
export type Services = OpenContext;

/** Opens the services for the console from the process environment. Throws `settings_invalid` naming each variable. */
export function openServices(environment: Record<string, string | undefined>): Services {
  return openContext(readSettings(ServiceEnvironment, environment), { name: 'web' });
}
