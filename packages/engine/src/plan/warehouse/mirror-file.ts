import { literal } from '../../sql.ts';

/** The option of `COPY … TO` that writes what a planner uploads: NULL is an empty field, an empty text is quoted. */
export const mirrorFile = (path: string, texts: readonly string[]): string =>
  `TO ${literal(path)} (FORMAT csv, HEADER false, NULLSTR '', FORCE_QUOTE (${texts.join(', ')}))`;

/** A fingerprint as planners keep it. */
export const fingerprintText = (column: string): string => `lower(hex(${column}))`;
