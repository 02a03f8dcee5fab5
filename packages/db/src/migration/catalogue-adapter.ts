import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlDriverAdapter, type SqlQuery } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/**
 * Prisma's pg adapter, made able to read PostgreSQL's own catalogue, as the schema engine must: version 7.10 refuses
 * the catalogue's one-byte "char" columns. The client below reports them as JSON, a type the catalogue has none of,
 * and the adapter turns that back into a character.
 */
export class CatalogueAdapter extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const read: SqlDriverAdapter['queryRaw'] = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query: SqlQuery) => {
      const result = await read(query);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.Json ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    };
    return adapter;
  }
}

const charOid = 18;
const jsonOid = 114;

/** The client whose pool a `CatalogueAdapter` works on. */
export class CatalogueClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads query seven ways; all of them pass through unchanged.
  override query(...args: any[]): any {
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: Error | null, result: pg.QueryArrayResult) =>
        callback(error, mark(result));
    }
    const answer = (super.query as (...all: unknown[]) => unknown)(...args);
    return answer instanceof Promise ? answer.then(mark) : answer;
  }
}

function mark(result: pg.QueryArrayResult | undefined): pg.QueryArrayResult | undefined {
  for (const field of result?.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = jsonOid;
  return result;
}
