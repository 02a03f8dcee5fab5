import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApi } from '../api/api-client.ts';
import { waitForRun } from '../run/wait-for-run.ts';

let server: HttpServer;
beforeAll(async () => {
  server = await startHttpServer();
});
afterAll(() => server.close());

const none = { addedCount: 0, changedCount: 0, removedCount: 0 };
const run = (status: string, completionRatio: number) => ({
  body: {
    id: 7,
    syncId: 1,
    syncSlug: 'users-crm',
    createdAt: '2026-11-22T08:00:00Z',
    startedAt: null,
    finishedAt: null,
    querySize: 0,
    status,
    completionRatio,
    plannedRows: none,
    successfulRows: none,
    failedRows: none,
    error: null,
  },
});

test('a server that is away for a while is waited for, and the run is followed to its end', async () => {
  // Four attempts of one look fail, so that the look itself does.
  server.handle(({ number }) => {
    if (number === 1) return run('querying', 0.1);
    if (number <= 5) return { fault: 'reset' };
    return number === 6 ? run('processing', 0.5) : run('success', 1);
  });
  const seen: string[] = [];
  const troubles: string[] = [];
  const ended = await waitForRun(openApi({ url: server.url, token: 'slc_x' }), '7', {
    timeoutMs: 20_000,
    onRun: ({ status }) => void seen.push(status),
    onTrouble: (message) => void troubles.push(message),
  });
  expect(ended?.status).toBe('success');
  expect(seen).toEqual(['querying', 'processing', 'success']);
  expect(troubles).toEqual([expect.stringContaining('did not answer')]);
});
