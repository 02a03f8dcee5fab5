import { createHash } from 'node:crypto';

/** Short name of a rejection reason, for links: the same code and message have the same name. */
export function reasonOf(code: string, message: string): string {
  const hash = createHash('md5').update(`${code}\n${message}`).digest('hex');
  return `${code.slice(0, 60)}.${hash}`;
}

/** The hash inside a reason's name, as `md5(code || chr(10) || message)` in Postgres; `null` if it is none. */
export function reasonHash(reason: string): string | null {
  return /\.([0-9a-f]{32})$/.exec(reason)?.[1] ?? null;
}
