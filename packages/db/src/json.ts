import { Prisma } from './generated/client.ts';

/** A value as a JSON column takes it: without `undefined`, dates as text. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}

/** The same for a column that may be empty: `null` is SQL's NULL, not JSON's. */
export function toJsonOrNull(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined ? Prisma.DbNull : toJson(value);
}
