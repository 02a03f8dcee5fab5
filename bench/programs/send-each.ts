// The limit of small requests: one row each through undici, so many at once.
import { Agent, request } from 'undici';
import { measure } from './measure.ts';

await measure(async ({ url, rows, concurrency }: { url: string; rows: number; concurrency: number }) => {
  const dispatcher = new Agent({ connections: concurrency });
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < rows) {
      next += 1;
      const { body } = await request(url, {
        method: 'POST',
        dispatcher,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: next, email: `person.${next}@example.com`, city: 'City 17' }),
      });
      await body.text();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, send));
  return undefined;
});
process.exit(0);
