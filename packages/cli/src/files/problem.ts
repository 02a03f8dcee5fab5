import { SluiceError } from '@sluice/domain/error';

/** What is wrong in a file, and where. */
export interface Problem {
  readonly file: string;
  /** Counted from 1; `null` when it is about the file as a whole. */
  readonly line: number | null;
  readonly message: string;
}

/** All problems as one error, in the order of files and lines; nothing was sent. */
export function problemsError(problems: readonly Problem[]): SluiceError {
  const sorted = [...problems].sort((a, b) =>
    a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1,
  );
  const lines = sorted.map(
    ({ file, line, message }) => `${file}${line === null ? '' : `:${line}`}: ${message}`,
  );
  const what = problems.length === 1 ? 'One thing is wrong' : `${problems.length} things are wrong`;
  return new SluiceError('input_invalid', [`${what} in the files:`, ...lines].join('\n'), {
    fix: 'Correct the files and try again. Nothing was changed.',
  });
}
