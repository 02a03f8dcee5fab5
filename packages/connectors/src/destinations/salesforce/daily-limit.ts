import { SluiceError } from '@sluice/domain/error';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { utcWords } from '../../kit/time-value.ts';
import { nextHour } from './client.ts';

/** Watches how many of the org's daily requests are used, and stops before those that others need are gone. */
export interface DailyLimit {
  /** Throws `destination_quota` with the time to go on when the share that is left to others has been reached. */
  assertLeft(): void;
  note(answer: Pick<ApiAnswer, 'headers'>): void;
}

/**
 * Reads `Sforce-Limit-Info: api-usage=12/15000` of each answer.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm (2026-11)
 */
export function createDailyLimit(reserve: number): DailyLimit {
  let stopped: { readonly words: string; readonly resumeAt: string } | null = null;
  return {
    assertLeft() {
      if (!stopped) return;
      const { words, resumeAt } = stopped;
      throw new SluiceError('destination_quota', words, { details: { resumeAt } });
    },
    note({ headers }) {
      const [, used, all] = /api-usage=(\d+)\/(\d+)/.exec(headers['sforce-limit-info'] ?? '') ?? [];
      if (used === undefined || all === undefined) return;
      if (Number(used) < Number(all) * (1 - reserve)) return;
      const resumes = nextHour(new Date());
      const share = `${Math.round(reserve * 100)} %`;
      stopped = {
        words: `${used} of the ${all} requests that Salesforce takes in 24 hours are used, and ${share} are left to others. The sync goes on at ${utcWords(resumes)}.`,
        resumeAt: resumes.toISOString(),
      };
    },
  };
}
