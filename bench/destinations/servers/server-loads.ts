import { kafka } from './kafka.ts';
import { mysql } from './mysql.ts';
import { redis } from './redis.ts';
import type { ServerLoad } from './server-load.ts';

/** By the name of their case. */
export const serverLoads: Readonly<Record<string, ServerLoad>> = { kafka, mysql, redis };
