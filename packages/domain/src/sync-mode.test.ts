import { expect, it } from 'vitest';
import { operationsOf } from './sync-mode.ts';

const all = ['added', 'changed', 'removed'] as const;

it('turns the delete behaviour into an operation where the mode leaves the choice', () => {
  const removed = (deleteBehaviour: 'nothing' | 'clear' | 'delete') =>
    operationsOf({ mode: 'upsert', deleteBehaviour, triggers: all }).removed;
  expect([removed('nothing'), removed('clear'), removed('delete')]).toEqual([null, 'clear', 'delete']);
});

it('deletes in mirror mode and never in insert mode, whatever the delete behaviour says', () => {
  expect(operationsOf({ mode: 'mirror', deleteBehaviour: 'nothing', triggers: all }).removed).toBe('delete');
  expect(operationsOf({ mode: 'insert', deleteBehaviour: 'delete', triggers: all })).toEqual({
    added: 'create',
    changed: null,
    removed: null,
  });
});

it('sends only the classes that a mode with triggers was told to', () => {
  expect(operationsOf({ mode: 'trigger', deleteBehaviour: 'nothing', triggers: ['changed'] })).toEqual({
    added: null,
    changed: 'update',
    removed: null,
  });
});
