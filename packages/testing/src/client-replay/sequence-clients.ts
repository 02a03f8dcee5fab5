import assert from 'node:assert/strict';
import { until } from '../until.ts';
import { type ClientReplay, knownWords } from './open-replay.ts';

/** The SDKs are the only clients of sequences; they send no body, with and without a type. */
export const sequenceReplays: ClientReplay[] = [
  {
    name: 'SDKs: trigger a sequence and wait for its end',
    async replay({ send, sendJson, get, bearer, sync }) {
      const steps = [{ syncId: sync.id }, { syncId: sync.id }];
      const made = await sendJson('POST', '/api/v1/sync-sequences', { name: `Replay ${sync.slug}`, steps });
      assert.equal(made.status, 200, made.text);
      const types: Record<string, string>[] = [{}, { 'content-type': 'application/json' }];
      for (const headers of types) {
        const started = await send('POST', `/api/v1/sync-sequences/${made.json.id}/trigger`, {
          headers: { authorization: bearer, ...headers },
        });
        assert.equal(started.status, 200, started.text);
        assert.deepEqual(Object.keys(started.json), ['id']);
        assert.match(started.json.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        const ended = await until(
          'the end of the sequence',
          async () => {
            const { json: now } = await get(`/api/v1/sync-sequences/runs/${started.json.id}`);
            assert.deepEqual(Object.keys(now).toSorted(), ['id', 'status', 'syncRuns']);
            assert.ok(['pending', 'running', 'done'].includes(now.status), now.status);
            for (const run of now.syncRuns) {
              assert.equal(run.syncId, sync.id);
              assert.ok(Number.isInteger(run.syncRunId));
              assert.ok(knownWords.includes(run.status), run.status);
              assert.ok('finishedAt' in run);
            }
            return now.status === 'done' ? now : null;
          },
          60_000,
        );
        assert.equal(ended.syncRuns.length, 2);
      }
    },
  },
];
