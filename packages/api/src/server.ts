import type { ServiceContext } from '@sluice/services/context';
import { type OpenContext, openContext } from '@sluice/services/open-context';
import { readSettings, ServiceEnvironment } from '@sluice/services/settings';

export type Services = ServiceContext;
export type OpenServices = OpenContext;

/**
 * Opens what the console needs, once per process, from the environment that the app's `env.ts` hands over. Throws
 * `settings_invalid` naming every wrong variable.
 */
export function openServices(environment: Record<string, string | undefined>): OpenServices {
  return openContext(readSettings(ServiceEnvironment, environment), { name: 'web' });
}
