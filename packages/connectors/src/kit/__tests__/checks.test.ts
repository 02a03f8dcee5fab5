import { SluiceError } from '@sluice/domain/error';
import { expect, test } from 'vitest';
import { type CheckFinding, runChecks } from '../checks.ts';

const names = ['one', 'two', 'three'].map((name) => ({ name, label: name.toUpperCase() }));
const passed = async (): Promise<CheckFinding> => ({ status: 'passed', message: 'fine' });
const running = () => new AbortController().signal;

test('checks run in order and stop at the first failure', async () => {
  const failing = async () => {
    throw new SluiceError('source_auth', 'refused', { fix: 'mend it' });
  };
  const results = await Array.fromAsync(
    runChecks(names, { one: passed, two: failing, three: passed }, running()),
  );
  expect(results.map(({ name, status, message, fix }) => ({ name, status, message, fix }))).toEqual([
    { name: 'one', status: 'passed', message: 'fine', fix: null },
    { name: 'two', status: 'failed', message: 'refused', fix: 'mend it' },
    { name: 'three', status: 'skipped', message: null, fix: null },
  ]);
});

test('a warning does not stop the rest; a defect tells nothing of itself', async () => {
  const warning = async (): Promise<CheckFinding> => ({ status: 'warning', message: 'hm', fix: 'do this' });
  const defect = async () => {
    throw new TypeError('password=hunter2');
  };
  const results = await Array.fromAsync(
    runChecks(names, { one: warning, two: passed, three: defect }, running()),
  );
  expect(results.map(({ status }) => status)).toEqual(['warning', 'passed', 'failed']);
  expect(JSON.stringify(results)).not.toContain('hunter2');
});

test('each result arrives before the next check starts', async () => {
  const started: string[] = [];
  const step = (name: string) => async () => {
    started.push(name);
    return passed();
  };
  const results = runChecks(names, { one: step('one'), two: step('two'), three: step('three') }, running());
  await results.next();
  expect(started).toEqual(['one']);
});

test('an aborted signal ends the checks with its reason', async () => {
  const abort = new AbortController();
  const leave = async () => {
    abort.abort(new Error('left the page'));
    throw new Error('broken connection');
  };
  await expect(Array.fromAsync(runChecks(names, { one: passed, two: leave }, abort.signal))).rejects.toThrow(
    'left the page',
  );
});
