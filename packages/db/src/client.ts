import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

export type Database = PrismaClient;
/** What a repository needs: the client itself or a transaction of it. */
export type Connection = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

/** A client with its own pool. The caller disconnects it. */
export function openDatabase(url: string, options: { poolMax: number }): Database {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: options.poolMax }) });
}
