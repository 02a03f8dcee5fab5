import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import { createStatementNames } from './statement-names.ts';

export type Database = PrismaClient;
/** What a repository needs: the client itself or a transaction of it. */
export type Connection = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

/** As long as Prisma itself lets a transaction take. */
const idleTransactionMs = 5_000;

/**
 * A client with its own pool. The caller disconnects it. A process that stands still in the middle of a transaction
 * loses it, with its locks: others wait for them.
 */
export function openDatabase(url: string, options: { poolMax: number }): Database {
  return new PrismaClient({
    adapter: new PrismaPg(
      {
        connectionString: url,
        max: options.poolMax,
        idle_in_transaction_session_timeout: idleTransactionMs,
      },
      { statementNameGenerator: createStatementNames() },
    ),
  });
}
