import { SluiceError } from '@sluice/domain/error';
import { TRPCClientError } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import { isUnauthenticated, shownError } from './error.ts';

const answered = (sluice: object) =>
  TRPCClientError.from({
    error: { message: 'x', code: -32_000, data: { code: 'X', httpStatus: 400, path: 'a.b', sluice } },
  });

describe('shownError', () => {
  test('shows what the server says, with its request id', () => {
    const view = {
      code: 'slug_taken',
      message: 'Taken.',
      fix: 'Choose another.',
      fault: 'user',
      requestId: 'r-1',
    };
    expect(shownError(answered(view))).toEqual(view);
  });

  test('says that Sluice could not be reached when no answer came', () => {
    const error = shownError(TRPCClientError.from(new TypeError('Failed to fetch')));
    expect(error).toMatchObject({ message: 'Sluice could not be reached.', fault: 'ours', requestId: null });
  });

  test('keeps errors of our own, such as those of signing in', () => {
    expect(shownError(new SluiceError('credentials_wrong', 'Wrong.'))).toMatchObject({
      code: 'credentials_wrong',
      message: 'Wrong.',
    });
  });

  test('reveals nothing of an error it does not know', () => {
    expect(shownError(new Error('password=hunter2')).message).not.toContain('hunter2');
  });
});

test('knows when the session has ended', () => {
  expect(isUnauthenticated(answered({ code: 'unauthenticated' }))).toBe(true);
  expect(isUnauthenticated(answered({ code: 'forbidden' }))).toBe(false);
  expect(isUnauthenticated(new Error('unauthenticated'))).toBe(false);
});
