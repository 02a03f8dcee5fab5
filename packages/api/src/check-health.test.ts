import { openTestContext } from '@sluice/services/testing/open-test-context';
import { expect, test } from 'vitest';
import { checkHealth } from './check-health.ts';

test('is ready while the database answers, and says what is missing otherwise', async () => {
  const ctx = await openTestContext();
  const away = await openTestContext({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
  try {
    expect(await checkHealth(ctx)).toEqual({
      status: 'ok',
      live: true,
      ready: true,
      reasons: [],
      database: true,
    });
    expect(await checkHealth(away)).toMatchObject({
      status: 'unavailable',
      live: true,
      ready: false,
      reasons: [expect.stringContaining('DATABASE_URL')],
    });
  } finally {
    await Promise.all([ctx.close(), away.close()]);
  }
});
