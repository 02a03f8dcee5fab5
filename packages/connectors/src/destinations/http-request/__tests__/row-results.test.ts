import { describe, expect, it } from 'vitest';
import { deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import type { HttpRequestOptionsInput } from '../options.ts';
import { rowsOf, useHttpDestination } from './use-http-destination.ts';

const http = useHttpDestination();

describe('results for single rows', () => {
  const records = recordsOf('create', rowsOf(10, 11, 12));
  const byIndex = {
    path: 'results',
    statusField: 'status',
    failedValues: ['4xx', 'error'],
    messageField: 'error.message',
  };

  async function outcomesOf(rowResults: HttpRequestOptionsInput['rowResults'], body: unknown, status = 207) {
    const writer = await http.writerOf({ added: {}, batchSize: 10, rowResults });
    http.server.handle(() => ({ status, body }));
    return deliverOnce(writer, records);
  }

  it('reads them by position', async () => {
    const { outcomes, results } = await outcomesOf(byIndex, {
      results: [{ status: 201 }, { status: 422, error: { message: 'no e-mail' } }, { status: 'ok' }],
    });
    expect(outcomes).toEqual(['delivered', 'rejected:row_422', 'delivered']);
    expect(results[1]).toMatchObject({ message: 'no e-mail' });
  });

  it('reads them by key, in any order, also when only failures are listed', async () => {
    const rules = {
      path: 'errors',
      by: 'key' as const,
      keyField: 'id',
      messageField: 'why',
      failuresOnly: true,
    };
    const { outcomes } = await outcomesOf(rules, {
      ok: false,
      errors: [
        { id: 12, why: 'x' },
        { id: '10', why: 'y' },
      ],
    });
    expect(outcomes).toEqual(['rejected:row_refused', 'delivered', 'rejected:row_refused']);
    expect((await outcomesOf(rules, { ok: true })).outcomes).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('reads an error field, and positions named by the answer', async () => {
    const byError = await outcomesOf({ errorField: 'error' }, [{ error: null }, { error: 'bad' }, {}], 200);
    expect(byError.outcomes).toEqual(['delivered', 'rejected:row_refused', 'delivered']);
    const named = await outcomesOf(
      { path: 'failed', failuresOnly: true, indexField: 'index', messageField: 'reason' },
      { failed: [{ index: 2, reason: 'late' }] },
    );
    expect(named.outcomes).toEqual(['delivered', 'delivered', 'rejected:row_refused']);
  });

  it.each([
    ['HTML', '<html><title>Gateway</title></html>', 'answer_unreadable'],
    ['nothing', '', 'answer_unreadable'],
    ['null', 'null', 'answer_unreadable'],
    ['another shape', { results: 'ok' }, 'answer_unreadable'],
    ['too few', { results: [{ status: 200 }] }, 'answer_incomplete'],
    ['a polluted object', '{"__proto__":{"results":[]},"constructor":1}', 'answer_unreadable'],
  ])('takes nothing for granted from %s', async (_, body, code) => {
    const { outcomes } = await outcomesOf(byIndex, body, 200);
    expect(outcomes).toEqual([`uncertain:${code}`, `uncertain:${code}`, `uncertain:${code}`]);
  });

  it('is uncertain about rows that the answer forgets or does not know', async () => {
    const rules = {
      path: '',
      by: 'key' as const,
      keyField: 'id',
      statusField: 'state',
      failedValues: ['failed'],
    };
    const { outcomes } = await outcomesOf(rules, [{ id: 10, state: 'done' }, { id: 11 }], 200);
    expect(outcomes).toEqual(['delivered', 'uncertain:answer_incomplete', 'uncertain:answer_incomplete']);
    const foreign = await outcomesOf(rules, [{ id: 99, state: 'failed' }], 200);
    expect(foreign.outcomes[0]).toBe('uncertain:answer_unreadable');
  });

  it('survives an absurdly deep answer', async () => {
    const { outcomes } = await outcomesOf(byIndex, '['.repeat(100_000) + ']'.repeat(100_000), 200);
    expect(outcomes[0]).toBe('uncertain:answer_unreadable');
  });
});
