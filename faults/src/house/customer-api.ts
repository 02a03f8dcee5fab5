import { createHash } from 'node:crypto';
import { type HttpAnswer, type ReceivedRequest, startHttpServer } from '@sluice/testing/http-server';

/** A row as the customer's API holds it. */
export interface Person {
  readonly id: number;
  /** Grows with every edit of any row, so that an older value can be told from a newer one. */
  readonly version: number;
  readonly name: string | null;
}

/** What the API does with one request. */
export interface Fate {
  /** Which of its rows take effect; `half` answers for the others that they failed. */
  readonly applied: 'all' | 'half' | 'none';
  /** Left out: 200 with one result per row. */
  readonly answer?: HttpAnswer;
  /** How long the work takes before it takes effect. */
  readonly workMs?: number;
}

/** A request as the API's own book shows it. */
export interface Entry {
  readonly number: number;
  readonly operation: 'upsert' | 'remove';
  readonly people: readonly Person[];
  readonly idempotencyKey: string;
  readonly atMs: number;
  applied: readonly Person[];
  status: number | null;
}

/** One place of the API that a sync writes to, with a book of everything that ever happened to it. */
export interface Collection {
  readonly path: string;
  readonly held: ReadonlyMap<number, Person>;
  readonly book: readonly Entry[];
  /** Requests that the API is working on right now. */
  readonly open: number;
  /** Rows that arrived again with the same content. */
  readonly repeated: number;
  /** What must never happen, in words. */
  readonly violations: readonly string[];
  /** Decides about every request; everything is well until this is called. */
  decide(fate: (entry: Entry) => Fate | Promise<Fate>): void;
  /** Nobody may come back before this many milliseconds; requests that had left already have `graceMs`. */
  closeFor(ms: number, graceMs: number): void;
}

export interface CustomerApi {
  readonly url: string;
  readonly hostPort: string;
  collection(name: string): Collection;
  /** Refuses connections and cuts the open ones; `true`: it is back. */
  listen(listening: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Starts the API on a free loopback port. `POST /<collection>/upsert` and `/remove` take `{"rows":[…]}`. */
export async function startCustomerApi(): Promise<CustomerApi> {
  const server = await startHttpServer();
  const collections = new Map<string, KeptCollection>();
  server.handle(async (request) => {
    server.requests.length = 0;
    const [, name = '', operation] = request.path.split('/');
    const collection = collections.get(name);
    if (!collection || (operation !== 'upsert' && operation !== 'remove')) return { status: 404 };
    return collection.receive(request, operation);
  });
  return {
    url: server.url,
    hostPort: `${server.host}:${server.port}`,
    collection(name) {
      const known = collections.get(name) ?? new KeptCollection(`/${name}`);
      collections.set(name, known);
      return known;
    },
    listen: (listening) => server.listen(listening),
    close: () => server.close(),
  };
}

class KeptCollection implements Collection {
  readonly path: string;
  readonly held = new Map<number, Person>();
  readonly book: Entry[] = [];
  readonly violations: string[] = [];
  open = 0;
  repeated = 0;
  #decide: (entry: Entry) => Fate | Promise<Fate> = () => ({ applied: 'all' });
  /** Newest version and operation seen of each row. */
  readonly #newest = new Map<number, { version: number; operation: string }>();
  readonly #arrived = new Set<string>();
  readonly #busy = new Map<number, number>();
  readonly #contents = new Map<string, string>();
  #closed: { fromMs: number; untilMs: number } | null = null;

  constructor(path: string) {
    this.path = path;
  }

  decide(fate: (entry: Entry) => Fate | Promise<Fate>): void {
    this.#decide = fate;
  }

  closeFor(ms: number, graceMs: number): void {
    const now = performance.now();
    this.#closed = { fromMs: now + graceMs, untilMs: now + ms };
  }

  async receive(request: ReceivedRequest, operation: 'upsert' | 'remove'): Promise<HttpAnswer> {
    const { rows: people } = request.json<{ rows: Person[] }>();
    const entry: Entry = {
      number: request.number,
      operation,
      people,
      idempotencyKey: request.headers['idempotency-key'] ?? '',
      atMs: performance.now(),
      applied: [],
      status: null,
    };
    this.book.push(entry);
    this.#check(request, entry);
    for (const { id } of people) this.#busy.set(id, (this.#busy.get(id) ?? 0) + 1);
    this.open += 1;
    try {
      const fate = await this.#decide(entry);
      if (fate.workMs) await Promise.race([wait(fate.workMs), request.closed]);
      entry.applied = people.slice(
        0,
        { all: people.length, half: people.length >> 1, none: 0 }[fate.applied],
      );
      for (const person of entry.applied) this.#apply(person, operation);
      const answer = fate.answer ?? {
        status: fate.applied === 'half' ? 207 : 200,
        body: { results: people.map((person) => resultOf(person, entry.applied.includes(person))) },
      };
      entry.status = answer.fault ? null : (answer.status ?? 200);
      // A request that is never answered keeps its rows busy for as long as the client waits.
      if (answer.fault === 'hang' || answer.fault === 'drip')
        void request.closed.then(() => this.#free(people));
      else this.#free(people);
      return answer;
    } catch (error) {
      this.#free(people);
      throw error;
    }
  }

  #free(people: readonly Person[]): void {
    this.open -= 1;
    for (const { id } of people) {
      const left = (this.#busy.get(id) ?? 1) - 1;
      if (left === 0) this.#busy.delete(id);
      else this.#busy.set(id, left);
    }
  }

  #apply(person: Person, operation: 'upsert' | 'remove'): void {
    const newest = this.#newest.get(person.id);
    // A removal carries the values that were known last; whether it was right is seen in the end.
    const older = newest && operation === 'upsert' && person.version < newest.version;
    const back =
      newest?.operation === 'remove' && operation === 'upsert' && person.version === newest.version;
    if (older || back) {
      this.violations.push(
        `row ${person.id}: ${operation} of version ${person.version} after ${newest.operation} of ${newest.version}`,
      );
    }
    this.#newest.set(person.id, { version: person.version, operation });
    if (operation === 'remove') this.held.delete(person.id);
    else this.held.set(person.id, person);
  }

  #check(request: ReceivedRequest, { operation, people, atMs, idempotencyKey: key }: Entry): void {
    for (const { id, version } of people) {
      if (this.#busy.has(id)) this.violations.push(`row ${id} is sent twice at once`);
      const content = `${operation} ${id} ${version}`;
      if (this.#arrived.has(content)) this.repeated += 1;
      this.#arrived.add(content);
    }
    const content = createHash('sha256').update(request.path).update(request.body).digest('base64');
    const before = this.#contents.get(key);
    if (before && before !== content)
      this.violations.push(`the idempotency key ${key} came with other content`);
    this.#contents.set(key, content);
    if (this.#closed && atMs > this.#closed.fromMs && atMs < this.#closed.untilMs - 20) {
      this.violations.push(
        `a request came ${Math.round(this.#closed.untilMs - atMs)} ms before it was asked to`,
      );
    }
  }
}

const resultOf = ({ id }: Person, applied: boolean) =>
  applied ? { id, status: 'ok' } : { id, status: 'failed', message: 'not this one' };

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
