import { SluiceError } from '@sluice/domain/error';
import { afterEach, expect, test, vi } from 'vitest';
import { compileTemplate } from '../template.ts';

afterEach(() => vi.restoreAllMocks());

/** A clock that jumps by a minute at the calls named (1 is the first). */
function pauseAt(...calls: number[]): void {
  const now = performance.now.bind(performance);
  let call = 0;
  let jumped = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    call += 1;
    if (calls.includes(call)) jumped += 60_000;
    return now() + jumped;
  });
}

const scope = { row: { name: 'Ana' } };

test('a pause of the process in the middle of a rendering refuses no row', () => {
  const render = compileTemplate('Hello {{ row.name }}');
  pauseAt(2);
  expect(render(scope)).toBe('Hello Ana');
});

test('a template that takes too long again is refused', () => {
  const render = compileTemplate('{% for n in (1..3) %}{{ row.name }}{% endfor %}');
  pauseAt(...Array.from({ length: 200 }, (_, index) => index * 2 + 2));
  expect(() => render(scope)).toThrowError(SluiceError);
});
