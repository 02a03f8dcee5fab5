import type { Row } from '@sluice/domain/column';
import { describe, expect, it } from 'vitest';
import { NotAdmitted } from '../../../kit/destination.ts';
import { deliverOnce, freely, recordsOf } from '../../__tests__/destination-context.ts';
import { rowsOf, useHttpDestination } from './use-http-destination.ts';

const http = useHttpDestination();

describe('batches', () => {
  const rows = (count: number) => rowsOf(...Array.from({ length: count }, (_, index) => index));

  it('puts rows into one request, with a loop or without a template', async () => {
    const writer = await http.writerOf({
      added: {
        body: '[{% for row in rows %}{"id": {{ row.id | json }}}{% unless forloop.last %},{% endunless %}{% endfor %}]',
      },
      batchSize: 3,
    });
    await deliverOnce(writer, recordsOf('create', rows(4)));
    const plain = await http.writerOf({ added: {}, batchSize: 3 });
    await deliverOnce(plain, recordsOf('create', rows(1)));
    expect(http.server.requests.map((request) => request.json())).toEqual([
      [{ id: 0 }, { id: 1 }, { id: 2 }],
      [{ id: 3 }],
      { rows: [{ id: 0 }] },
    ]);
  });

  it('halves a refused batch until the guilty rows stand alone', async () => {
    const applied: number[] = [];
    http.server.handle((request) => {
      const ids = request.json<{ rows: { id: number }[] }>().rows.map(({ id }) => id);
      if (ids.includes(13) || ids.includes(77)) return { status: 422, body: { message: 'bad row inside' } };
      applied.push(...ids);
      return { status: 200 };
    });
    const writer = await http.writerOf({ added: {}, batchSize: 100 });
    const { outcomes } = await deliverOnce(writer, recordsOf('create', rows(100)));
    expect(outcomes.flatMap((outcome, index) => (outcome === 'delivered' ? [] : [[index, outcome]]))).toEqual(
      [
        [13, 'rejected:http_422'],
        [77, 'rejected:http_422'],
      ],
    );
    expect(applied).toHaveLength(98);
    expect(new Set(applied).size).toBe(98);
    expect(http.server.requests.length).toBeLessThanOrEqual(1 + 2 * 7 * 2);
  });

  it('stops splitting at a 429 and gives every row that is left its wait', async () => {
    http.server.handle(({ number }) =>
      number === 1 ? { status: 413 } : { status: 429, headers: { 'retry-after': '2' } },
    );
    const writer = await http.writerOf({ added: {}, batchSize: 10 });
    const { results } = await deliverOnce(writer, recordsOf('create', rows(10)));
    expect(results.every((one) => one.status === 'retry' && one.afterMs === 2000)).toBe(true);
    expect(http.server.requests).toHaveLength(2);
  });

  it('keeps what was applied when the credentials end in the middle of a batch', async () => {
    http.server.handle(({ number }) => ({ status: [422, 200, 401][number - 1] ?? 401 }));
    const writer = await http.writerOf({ added: {}, batchSize: 2 });
    const { outcomes } = await deliverOnce(writer, recordsOf('create', rows(2)));
    expect(outcomes).toEqual(['delivered', 'retry:destination_auth']);
    await expect(deliverOnce(writer, recordsOf('create', rows(2)))).rejects.toMatchObject({
      code: 'destination_auth',
    });
  });

  it('rejects the one row whose template fails', async () => {
    const writer = await http.writerOf({
      added: { body: '{% for row in rows %}{{ row.data.text | json }}{% endfor %}', bodyType: 'text' },
      batchSize: 4,
    });
    const records = recordsOf(
      'create',
      [1, 2, 3].map((id) => ({ row: (id === 2 ? { other: 1 } : { data: { text: String(id) } }) as Row })),
    );
    expect((await deliverOnce(writer, records)).outcomes).toEqual([
      'delivered',
      'rejected:template_invalid',
      'delivered',
    ]);
  });

  it('asks for each of its requests, also while splitting', async () => {
    http.server.handle((request) => ({ status: request.body.includes('1') ? 400 : 200 }));
    const writer = await http.writerOf({ added: {}, batchSize: 4, requestsPerSecond: 50 });
    expect(writer.limits.requests).toEqual([{ count: 50, perMs: 1_000 }]);
    let admitted = 0;
    const admit = async () => {
      admitted += 1;
    };
    await writer.deliver(recordsOf('create', rows(4)), { ...freely, admit });
    expect(http.server.requests).toHaveLength(5);
    expect(admitted).toBe(5);
  });

  it('sends nothing more when it is not admitted', async () => {
    http.server.handle(() => ({ status: 413 }));
    const writer = await http.writerOf({ added: {}, batchSize: 4 });
    let left = 2;
    const admit = async () => {
      left -= 1;
      if (left < 0) throw new NotAdmitted();
    };
    const { results } = await writer.deliver(recordsOf('create', rows(4)), { ...freely, admit });
    expect(http.server.requests).toHaveLength(2);
    expect(results.every((one) => one.status === 'retry' && one.code === 'not_sent')).toBe(true);
  });

  it('answers for every record of batches of any size', async () => {
    const writer = await http.writerOf({ added: {}, batchSize: 10 });
    for (const size of [0, 1, 10, 11]) {
      expect((await deliverOnce(writer, recordsOf('create', rows(size)))).outcomes).toEqual(
        Array.from({ length: size }, () => 'delivered'),
      );
    }
  });

  it('stops before the next request when the run is cancelled', async () => {
    const controller = new AbortController();
    http.server.handle(() => {
      controller.abort('cancelled');
      return { fault: 'hang' };
    });
    const writer = await http.writerOf({ added: {}, batchSize: 1 });
    const result = await writer.deliver(recordsOf('create', rows(3)), {
      ...freely,
      signal: controller.signal,
    });
    expect(result.results.map(({ status }) => status)).toEqual(['uncertain', 'retry', 'retry']);
    expect(http.server.requests).toHaveLength(1);
  });

  it('shows requests without sending them', async () => {
    const writer = await http.writerOf({ added: { url: '/bulk' }, batchSize: 5 });
    const [view] = await writer.preview(recordsOf('create', rows(2)));
    expect(view).toMatchObject({
      summary: `POST ${http.server.url}/api/bulk`,
      body: '{"rows":[{"id":0},{"id":1}]}',
    });
    expect(JSON.stringify(view)).not.toContain('s3cr3t');
    expect(http.server.requests).toHaveLength(0);
  });
});
