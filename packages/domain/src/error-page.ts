import { type ErrorCode, errorCodes } from './error-code.ts';
import type { ErrorDefinition, Wait } from './error-definition.ts';

const faults = {
  user: 'a setting, a query or a credential of yours',
  theirs: 'the source or the destination',
  ours: 'Sluice itself',
};

const subjects = {
  source: 'the source is changed and its check passes',
  destination: 'the destination is changed and its check passes',
  model: 'the model is changed',
  sync: 'the sync is changed',
  decision: 'a person decides',
};

const pauseWords = ({ for: subject, failures }: Wait): string =>
  `After ${failures === 1 ? 'one such run' : `${failures} failed runs in a row`} the schedule of a sync waits until ${subjects[subject]}.`;

/** The documentation of all error codes, as Markdown. */
export function errorPage(): string {
  const sections = (Object.keys(errorCodes) as ErrorCode[]).sort().map((code) => {
    const { status, fault, retry, why, fix, wait }: ErrorDefinition = errorCodes[code];
    const again = retry ? 'can succeed by itself when tried again' : 'fails again until something changes';
    return `## ${code}\n\n${why}\n\n**What to do:** ${fix}\n\nCaused by ${faults[fault]}; ${again}. The API answers ${status}.${wait ? ` ${pauseWords(wait)}` : ''}\n`;
  });
  const head =
    '# Errors\n\nEvery failure that Sluice shows has a code. This page is made from `packages/domain/src/error-code.ts` by `npm run docs:errors`.\n';
  return [head, ...sections].join('\n');
}
