import { openServices, type Services } from '@sluice/api/server';
import { environment } from './env.ts';

const holder = globalThis as typeof globalThis & { sluiceServices?: Services };

/** The services of this process, opened at the first use and kept over reloads of modules in development. */
export function services(): Services {
  holder.sluiceServices ??= openServices(environment());
  return holder.sluiceServices;
}
