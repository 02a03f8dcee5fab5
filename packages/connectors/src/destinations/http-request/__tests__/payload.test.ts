import type { Row } from '@sluice/domain/column';
import { describe, expect, it } from 'vitest';
import { type Delivery, type DestinationWriter, NotAdmitted } from '../../../kit/destination.ts';
import type { PayloadOutcome } from '../../../kit/payload.ts';
import { freely, recordsOf } from '../../__tests__/destination-context.ts';
import type { HttpRequestOptionsInput } from '../options.ts';
import { useHttpDestination } from './use-http-destination.ts';

const http = useHttpDestination();

const rows = (count: number) =>
  recordsOf(
    'create',
    Array.from({ length: count }, (_, id) => ({ key: String(id), row: { id, note: `note ${id}` } as Row })),
  );

/** The text that the engine makes of rows, with a blank that records would not have. */
function payloadOf(writer: DestinationWriter, records: ReturnType<typeof rows>) {
  const format = writer.payloads?.format('added');
  if (format?.rows.kind !== 'json') throw new Error('these rows are sent as records');
  const { before, between, after } = format.rows;
  const texts = records.map(({ row }) => JSON.stringify(row).replace(',', ', '));
  const bytes = Buffer.from(`${before}${texts.join(between)}${after}`);
  return { class: 'added', operation: 'create', rows: records.length, bytes } as const;
}

/** Delivers rows as text, and as records where the writer asks for them: what the engine does with a batch. */
async function deliverText(
  writer: DestinationWriter,
  records: ReturnType<typeof rows>,
  delivery: Partial<Delivery> = {},
) {
  const outcome = await (writer.payloads?.deliver(payloadOf(writer, records), {
    ...freely,
    ...delivery,
  }) as Promise<PayloadOutcome>);
  const { results, exchanges } =
    outcome.kind === 'apart'
      ? await outcome.judge(records)
      : { results: records.map(() => outcome.result), exchanges: outcome.exchanges };
  const outcomes = results.map((one) =>
    one.status === 'delivered' ? 'delivered' : `${one.status}:${one.code}`,
  );
  return { kind: outcome.kind, results, exchanges, outcomes };
}

const all = (outcome: string, count: number): string[] => Array.from({ length: count }, () => outcome);
const writerOf = (options: HttpRequestOptionsInput = {}) =>
  http.writerOf({ added: {}, batchSize: 1000, ...options });
const idsOf = (body: string): number[] =>
  (JSON.parse(body) as { rows: { id: number }[] }).rows.map(({ id }) => id);

describe('rows as text', () => {
  it('are the body as it is, with the headers of the request', async () => {
    const writer = await writerOf({
      added: {
        method: 'PUT',
        url: 'bulk/{{ context.run-id }}',
        headers: [{ name: 'X-Class', value: '{{ context.change-class }}' }],
      },
    });
    const { kind, outcomes, exchanges } = await deliverText(writer, rows(3));
    expect([kind, outcomes]).toEqual(['all', all('delivered', 3)]);
    expect(http.server.requests).toHaveLength(1);
    expect(http.server.requests[0]).toMatchObject({
      method: 'PUT',
      path: '/api/bulk/42',
      body: payloadOf(writer, rows(3)).bytes.toString(),
      headers: {
        authorization: 'Bearer s3cr3t-t0ken',
        'content-type': 'application/json',
        'x-class': 'added',
        'idempotency-key': expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    });
    expect(exchanges[0]?.response?.summary).toBe('200 OK');
  });

  it('that are refused are halved until the guilty one stands alone, and never sent again as a whole', async () => {
    const applied: number[] = [];
    http.server.handle(({ body }) => {
      const ids = idsOf(body);
      if (ids.includes(77)) return { status: 400, body: { message: 'no such note' } };
      applied.push(...ids);
      return { status: 200 };
    });
    const writer = await writerOf();
    let admitted = 0;
    const admit = async () => {
      admitted += 1;
    };
    const { kind, outcomes, results, exchanges } = await deliverText(writer, rows(1000), { admit });
    expect(kind).toBe('apart');
    expect(outcomes.flatMap((outcome, index) => (outcome === 'delivered' ? [] : [[index, outcome]]))).toEqual(
      [[77, 'rejected:http_400']],
    );
    expect(results[77]).toMatchObject({ message: 'HTTP 400: no such note' });
    expect(new Set(applied).size).toBe(999);
    expect(applied).toHaveLength(999);
    const sizes = http.server.requests.map(({ body }) => idsOf(body).length);
    expect(sizes.slice(0, 2)).toEqual([1000, 500]);
    expect(sizes.filter((size) => size === 1000)).toHaveLength(1);
    expect(sizes.length).toBeLessThanOrEqual(1 + 2 * 10);
    expect([admitted, exchanges.length]).toEqual([sizes.length, sizes.length]);
  });

  it('that are one row are refused with one request', async () => {
    http.server.handle(() => ({ status: 422 }));
    const { outcomes } = await deliverText(await writerOf(), rows(1));
    expect(outcomes).toEqual(['rejected:http_422']);
    expect(http.server.requests).toHaveLength(1);
  });

  it('stop at a 429 in the middle of halving, and the rest waits', async () => {
    http.server.handle(({ number }) =>
      number === 1 ? { status: 413 } : { status: 429, headers: { 'retry-after': '2' } },
    );
    const { results } = await deliverText(await writerOf(), rows(10));
    expect(results.every((one) => one.status === 'retry' && one.afterMs === 2000)).toBe(true);
    expect(http.server.requests).toHaveLength(2);
  });

  it.each<[number, Record<string, unknown>]>([
    [429, { status: 'retry', code: 'http_429', afterMs: 3000 }],
    [503, { status: 'retry', code: 'http_503', afterMs: 3000 }],
    [500, { status: 'retry', code: 'http_500', inDoubt: true }],
  ])('answered with %i are tried again with the same key and the same bytes', async (status, expected) => {
    http.server.handle(({ number }) =>
      number < 3 ? { status, headers: { 'retry-after': '3' } } : { status: 200 },
    );
    const first = await writerOf();
    // Another worker that takes the run over has a writer of its own.
    const sent = [
      await deliverText(first, rows(5)),
      await deliverText(await writerOf(), rows(5)),
      await deliverText(first, rows(5)),
    ];
    expect(sent.map(({ kind }) => kind)).toEqual(all('all', 3));
    expect(sent[0]?.results[4]).toMatchObject(expected);
    expect('inDoubt' in (sent[0]?.results[0] ?? {})).toBe(status === 500);
    expect(sent[2]?.outcomes).toEqual(all('delivered', 5));
    const seen = http.server.requests.map(({ body, headers }) => `${headers['idempotency-key']} ${body}`);
    expect(new Set(seen).size).toBe(1);
    // Other rows have another key, and so do these in another batch.
    await deliverText(first, rows(6));
    await deliverText(first, rows(5), { idempotencyKey: 'another batch' });
    expect(new Set(http.server.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(3);
  });

  it('are uncertain when no answer came, or half of one', async () => {
    const writer = await writerOf();
    http.server.handle(() => ({ fault: 'reset' }));
    expect((await deliverText(writer, rows(2))).outcomes).toEqual(all('uncertain:connection_lost', 2));
    http.server.handle(() => ({ fault: 'hang' }));
    expect((await deliverText(writer, rows(2))).outcomes).toEqual(all('uncertain:request_timeout', 2));
    http.server.handle(() => ({ fault: 'cut', body: 'half' }));
    expect((await deliverText(writer, rows(2))).outcomes).toEqual(all('uncertain:answer_incomplete', 2));
    const controller = new AbortController();
    http.server.handle(() => {
      controller.abort('cancelled');
      return { fault: 'hang' };
    });
    const cut = await deliverText(writer, rows(2), { signal: controller.signal });
    expect(cut.outcomes).toEqual(all('uncertain:request_stopped', 2));
  });

  it('are not sent any more once the credentials were refused', async () => {
    http.server.handle(() => ({ status: 401 }));
    const writer = await writerOf();
    const together = [rows(2), rows(3), rows(4)].map((records) => deliverText(writer, records));
    for (const sending of together) await expect(sending).rejects.toMatchObject({ code: 'destination_auth' });
    await expect(deliverText(writer, rows(2))).rejects.toMatchObject({ code: 'destination_auth' });
    expect(http.server.requests).toHaveLength(1);
  });

  it('do not leave after a stop', async () => {
    const writer = await writerOf();
    const no = () => {
      throw new NotAdmitted();
    };
    await expect(deliverText(writer, rows(2), { admit: async () => no() })).rejects.toThrow(NotAdmitted);
    await expect(deliverText(writer, rows(2), { confirm: no })).rejects.toThrow(NotAdmitted);
    expect(http.server.requests).toHaveLength(0);
  });

  it('whose header cannot be rendered are refused without a request', async () => {
    const writer = await writerOf({
      added: { headers: [{ name: 'X-Run', value: 'Zoë {{ context.run-id }}' }] },
    });
    const { kind, outcomes } = await deliverText(writer, rows(3));
    expect([kind, outcomes]).toEqual(['apart', all('rejected:header_invalid', 3)]);
    expect(http.server.requests).toHaveLength(0);
  });
});

describe('what is kept of rows as text', () => {
  const long = (text: string, count: number) =>
    recordsOf(
      'create',
      Array.from({ length: count }, (_, id) => ({ row: { id, note: text } as Row })),
    );

  it.each(['é', '€', '😀'])(
    'is cut at 8 KB where all were delivered, between two characters (%s)',
    async (letter) => {
      const writer = await writerOf();
      // Every place of the cut within a character comes up once.
      for (let shift = 0; shift < 4; shift += 1) {
        const { exchanges } = await deliverText(writer, long('x'.repeat(shift) + letter.repeat(40_000), 1));
        const body = exchanges[0]?.request.body ?? '';
        expect(body).toMatch(/… \(cut; \d+ bytes in all\)$/);
        const [kept = ''] = body.split('… (cut;');
        expect(kept).not.toContain('\ufffd');
        expect(kept.isWellFormed()).toBe(true);
        expect(kept.length).toBeGreaterThanOrEqual(8_191);
        expect(kept.length).toBeLessThanOrEqual(8_192);
      }
    },
  );

  it('is whole where it is short, and longer where rows were refused', async () => {
    const writer = await writerOf();
    const short = await deliverText(writer, rows(3));
    expect(short.exchanges[0]?.request.body).toBe(payloadOf(writer, rows(3)).bytes.toString());
    http.server.handle(() => ({ status: 503 }));
    const records = long('n'.repeat(1000), 40);
    const failed = await deliverText(writer, records);
    expect(failed.exchanges[0]?.request.body).toBe(payloadOf(writer, records).bytes.toString());
  });

  it.each(['p', '€', '😀', 'Bearer s3cr3t-t0ken '])(
    'holds no secret, nor the beginning of one that a cut goes through, after %s',
    async (filler) => {
      const writer = await writerOf();
      for (const cut of [8_192, 16_384, 49_152]) {
        const bytes = Buffer.byteLength(filler);
        for (let shift = -24; shift < 0; shift += 1) {
          const padding = `${filler.repeat(Math.floor((cut - 100) / bytes))}`;
          const rest = 'p'.repeat(
            cut - Buffer.byteLength(padding) - '{"rows":[{"id":0, "note":"'.length + shift,
          );
          const note = `${padding}${rest}Bearer s3cr3t-t0ken${'q'.repeat(60_000)}`;
          const { exchanges } = await deliverText(writer, long(note, 1));
          expect(exchanges[0]?.request.body).not.toMatch(/Be|s3cr/);
        }
      }
    },
  );
});

describe('rows are sent as records', () => {
  it.each<[string, HttpRequestOptionsInput]>([
    ['where a body is written', { added: { body: '{{ rows | json }}' } }],
    ['where the URL reads them', { added: { url: '{{ rows[0].id }}' } }],
    ['where a header reads them', { added: { headers: [{ name: 'X-First', value: '{{ rows[0].id }}' }] } }],
    ['in forms', { added: { bodyType: 'form' } }],
    ['where there is no body', { added: { bodyType: 'none' } }],
    ['where there can be none', { added: { method: 'GET' } }],
    ['one by one', { batchSize: 1 }],
    [
      'where answers speak of single rows',
      { rowResults: { path: 'results', statusField: 'ok', failedValues: ['no'] } },
    ],
  ])('%s', async (_when, options) => {
    const writer = await writerOf(options);
    expect(writer.payloads?.format('added') ?? null).toBeNull();
    const { results } = await writer.deliver(rows(2), freely);
    expect(results).toHaveLength(2);
    expect(http.server.requests.length).toBeGreaterThan(0);
  });

  it('of classes that have no request', async () => {
    const writer = await writerOf();
    expect(writer.payloads?.format('changed')).toBeNull();
  });
});
