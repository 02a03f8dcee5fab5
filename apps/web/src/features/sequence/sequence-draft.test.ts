import { expect, test } from 'vitest';
import { emptySequence, emptyStep, moveStep, readSequenceDraft } from './sequence-draft.ts';
import { policyText } from './sequence-words.ts';

const steps = [1, 2, 3].map((key) => ({ key, syncId: key, policy: { type: 'continue' as const } }));
const keys = (list: readonly { key: number }[]) => list.map(({ key }) => key);

test('a step moves by one place and never off the list', () => {
  expect(keys(moveStep(steps, 1, -1))).toEqual([2, 1, 3]);
  expect(keys(moveStep(steps, 1, 1))).toEqual([1, 3, 2]);
  expect(keys(moveStep(steps, 0, -1))).toEqual([1, 2, 3]);
  expect(keys(moveStep(steps, 2, 1))).toEqual([1, 2, 3]);
  expect(emptyStep(steps).key).toBe(4);
});

test('says what is missing at its field', () => {
  expect(readSequenceDraft(emptySequence()).problems).toEqual({
    name: 'Give it a name.',
    'steps.0.syncId': 'Choose a sync.',
  });
  expect(readSequenceDraft({ name: 'n', steps: [], schedule: null }).problems).toEqual({
    steps: 'Add at least one sync.',
  });
  const share = {
    key: 1,
    syncId: 1,
    policy: { type: 'stop_on_fatal_or_rejections' as const, rejectedShareMax: 3 },
  };
  expect(readSequenceDraft({ name: 'n', steps: [share], schedule: null }).problems).toEqual({
    'steps.0.policy.rejectedShareMax': 'Write a share from 0 to 1.',
  });
  expect(readSequenceDraft({ name: ' n ', steps, schedule: null }).input).toMatchObject({
    name: 'n',
    steps: [{ syncId: 1 }, { syncId: 2 }, { syncId: 3 }],
  });
});

test('a policy in a few words', () => {
  expect(policyText({ type: 'stop_on_fatal_or_rejections', rejectedShareMax: 0.07 })).toBe(
    'Stops on failure or above 7 % rejected rows',
  );
  expect(policyText({ type: 'stop_on_fatal_or_rejections', rejectedShareMax: 0 })).toContain(
    'any rejected row',
  );
});
