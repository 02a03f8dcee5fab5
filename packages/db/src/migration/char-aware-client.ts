import pg from 'pg';

const charOid = 18;
const textOid = 25;

/**
 * A pg client that reports PostgreSQL's one-byte "char" columns as text. The schema engine reads the catalogue, which
 * has such columns, and Prisma's pg adapter 7.10 refuses their type although it only carries the values through.
 */
export class CharAwareClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads query seven ways; all of them pass through unchanged.
  override query(...args: any[]): any {
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: Error | null, result: pg.QueryArrayResult) =>
        callback(error, asText(result));
    }
    const answer = (super.query as (...all: unknown[]) => unknown)(...args);
    return answer instanceof Promise ? answer.then(asText) : answer;
  }
}

function asText(result: pg.QueryArrayResult | undefined): pg.QueryArrayResult | undefined {
  for (const field of result?.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = textOid;
  return result;
}
