import { createHash } from 'node:crypto';
import { Prisma } from '@sluice/db/generated/client';

/** Short name of a rejection reason, for links: the same code and message have the same name. */
export function reasonOf(code: string, message: string): string {
  const hash = createHash('md5').update(`${code}\n${message}`).digest('hex');
  return `${code.slice(0, 60)}.${hash}`;
}

/** The hash inside a reason's name, as `md5(code || chr(10) || message)` in Postgres; `null` if it is none. */
export function reasonHash(reason: string): string | null {
  return /\.([0-9a-f]{32})$/.exec(reason)?.[1] ?? null;
}

/** The message of a row of `run_exceptions` as its reason has it: what names another row's key is the row's own. */
export const messageOfReason: Prisma.Sql = Prisma.sql`case code
  when 'match_key_duplicate' then split_part(message, chr(10), 1) else message end`;
