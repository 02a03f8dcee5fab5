// The limit of sending: rows as JSON in batches through undici, so many requests at once.
import { Agent, request } from 'undici';
import { measure } from './measure.ts';

interface Input {
  readonly url: string;
  readonly rows: number;
  readonly batch: number;
  readonly concurrency: number;
}

await measure(async ({ url, rows, batch, concurrency }: Input) => {
  const dispatcher = new Agent({ connections: concurrency });
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < rows) {
      const from = next;
      next += batch;
      const all = Array.from({ length: Math.min(batch, rows - from) }, (_, index) => rowOf(from + index));
      const { body } = await request(url, {
        method: 'POST',
        dispatcher,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ rows: all }),
      });
      await body.text();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, send));
  return undefined;
});
process.exit(0);

function rowOf(id: number) {
  return {
    id,
    email: `person.${id}.0123456789@example.com`,
    first_name: `First ${id}0123456789abcdef0123456789`,
    last_name: `Last ${id}0123456789abcdef0123456789`,
    company: 'Company number 17 Ltd.',
    city: 'City 17',
    plan: 'business',
    amount: id / 7,
    active: true,
    updated_at: '2026-01-01T00:00:00Z',
  };
}
