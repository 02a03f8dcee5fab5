import { createTestContext } from '@sluice/connectors/destinations/__tests__/destination-context';
import { httpRequestDestination } from '@sluice/connectors/destinations/http-request/definition';
import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import type { Row } from '@sluice/domain/column';
import {
  type HttpAnswer,
  type HttpServer,
  type ReceivedRequest,
  startHttpServer,
} from '@sluice/testing/http-server';
import { World } from './world.ts';

/** What becomes of a request with rows, decided by a test; `applied` rows count whatever the answer is. */
export interface WebVerdict {
  readonly applied: boolean;
  readonly answer: HttpAnswer;
}
export const taken: WebVerdict = { applied: true, answer: { status: 200 } };

/** A sync to a real server that keeps a table, in batches of 50 rows over HTTP Request: most of them go as text. */
export class WebTable {
  readonly world: World;
  /** Key → row, as the server holds it. */
  readonly rows = new Map<string, Row>();
  /** Called for each request; what is left out is taken. */
  decide: (rows: readonly Row[], request: ReceivedRequest) => WebVerdict | undefined = () => undefined;
  private readonly server: HttpServer;
  private readonly context: ReturnType<typeof createTestContext>;

  private constructor(world: World, server: HttpServer) {
    this.world = world;
    this.server = server;
    this.context = createTestContext([server.port], { timeouts: { connectMs: 2_000, requestMs: 2_000 } });
    server.handle((request) => this.answer(request));
    world.connect = () => this.connection();
    world.used = 'all';
    world.keptForRemoval = [];
  }

  static async open({ concurrency = 2 } = {}): Promise<WebTable> {
    const post = (url: string) => ({ url });
    const world = await World.open(['id', 'name', 'n', 'doc'], {
      object: 'request',
      mode: 'trigger',
      triggers: ['added', 'changed', 'removed'],
      matchKey: null,
      mappings: [],
      options: {
        ...{ added: post('set'), changed: post('set'), removed: post('remove') },
        ...{ batchSize: 50, concurrency },
      },
    });
    world.columns = world.columns.map((column) => ({
      ...column,
      type: column.name === 'n' ? 'integer' : column.name === 'doc' ? 'json' : 'string',
    }));
    return new WebTable(world, await startHttpServer());
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.server.close();
    await this.world.close();
  }

  get requests(): ReceivedRequest[] {
    return this.server.requests;
  }

  /** Requests whose body was made where the rows lie: a record has no blank in its document. */
  get texts(): ReceivedRequest[] {
    return this.requests.filter(({ body }) => body.includes('"doc":{"a": 1}'));
  }

  private answer(request: ReceivedRequest): HttpAnswer {
    const { rows } = request.json<{ rows: Row[] }>();
    const { applied, answer } = this.decide(rows, request) ?? taken;
    if (!applied) return answer;
    for (const row of rows) {
      const key = String(row.id);
      if (request.path === '/remove') this.rows.delete(key);
      else this.rows.set(key, row);
    }
    return answer;
  }

  /** The destination itself; a worker can be killed before and after each of its calls. */
  private connection(): DestinationConnection {
    const { world } = this;
    const connection = httpRequestDestination.open({ baseUrl: this.server.url, headers: [] }, this.context);
    return {
      ...connection,
      async writer(configuration, variables) {
        const writer = await connection.writer(configuration, variables);
        const { payloads } = writer;
        const between = async <Result>(work: () => Promise<Result>): Promise<Result> => {
          await world.call('deliver:before');
          const result = await work();
          await world.call('deliver:after');
          return result;
        };
        return {
          ...writer,
          deliver: (records, delivery) => between(() => writer.deliver(records, delivery)),
          ...(payloads && {
            payloads: {
              format: payloads.format,
              deliver: (payload, delivery) => between(() => payloads.deliver(payload, delivery)),
            },
          }),
        };
      },
    };
  }
}

/** People with a document and a number; one with a `special` number cannot be said as text. */
export const people = (count: number, name = 'a', special: readonly number[] = []) =>
  Array.from({ length: count }, (_, index) => person(index + 1, name, special.includes(index + 1)));

export const person = (id: number, name: string | null, special = false) => ({
  id: String(id).padStart(4, '0'),
  name,
  n: special ? '007' : '7',
  doc: '{"a": 1}',
});

/** The rows that the server should hold. */
export const held = (rows: World['rows']): Record<string, Row> =>
  Object.fromEntries(
    rows.map(({ id, name }) => [String(id), { id: String(id), name: name ?? null, n: 7, doc: { a: 1 } }]),
  );
