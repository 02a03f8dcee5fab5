import { until } from '@sluice/testing/until';

/** A machine that does other things as well takes its time. */
const patienceMs = 120_000;

/** Asks until the answer is neither null, undefined nor false; throws after two minutes with what was waited for. */
export const soon = <Answer>(
  what: string,
  ask: () => Answer | null | undefined | false | Promise<Answer | null | undefined | false>,
): Promise<Answer> => until(what, ask, patienceMs);
