import type { DeliveryView, WebhookEvent } from '@sluice/domain/webhook';

/** What each event tells of, for choices. */
export const eventWords: Record<WebhookEvent, { label: string; help: string }> = {
  'run.started': { label: 'Run started', help: 'A worker took it up.' },
  'run.succeeded': { label: 'Run succeeded', help: 'Every row was delivered.' },
  'run.warning': { label: 'Run ended with rejected rows', help: 'The others were delivered.' },
  'run.failed': { label: 'Run failed', help: 'It stopped before its end, or was interrupted.' },
  'run.cancelled': { label: 'Run cancelled', help: 'Somebody stopped it.' },
  'sync.paused': {
    label: 'Schedule paused',
    help: 'A failed run or a guard holds the schedule of a sync. Sent once, with the reason.',
  },
  'sync.resumed': { label: 'Schedule resumed', help: 'The reason is over, or a person resumed it.' },
  'schedule.missed': {
    label: 'Scheduled time missed',
    help: 'No run was started when it should have been. Sent when that begins.',
  },
};

export const stateWords: Record<
  DeliveryView['state'],
  { label: string; tone: 'positive' | 'caution' | 'critical' }
> = {
  delivered: { label: 'Delivered', tone: 'positive' },
  pending: { label: 'Waiting', tone: 'caution' },
  failed: { label: 'Given up', tone: 'critical' },
};

/** The last answer in a few words: its status, or why there was none. */
export function answerText(delivery: Pick<DeliveryView, 'lastStatus' | 'lastAnswer' | 'attempts'>): string {
  if (delivery.attempts === 0) return 'Not sent yet';
  const answer = (delivery.lastAnswer ?? '').replace(/\s+/g, ' ').trim();
  if (delivery.lastStatus === null) return answer === '' ? 'On its way' : answer;
  return answer === '' ? `HTTP ${delivery.lastStatus}` : `HTTP ${delivery.lastStatus}: ${answer}`;
}
