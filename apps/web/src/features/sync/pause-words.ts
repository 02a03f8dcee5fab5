import type { SyncPause } from '@sluice/domain/sync-health';

/** What holds a schedule, in a title; the time is said beside it. */
export function pauseTitle(pause: SyncPause): string {
  if (pause.kind === 'back_off') return 'The schedule waits before it tries again';
  if (pause.kind === 'quota') return 'The schedule waits for the quota of the destination';
  if (pause.kind === 'person') return 'The schedule is paused';
  const subjects = {
    source: 'until the source works',
    destination: 'until the destination works',
    model: 'until the model is changed',
    sync: 'until the configuration is changed',
    decision: 'until you decide',
  };
  return `The schedule is paused ${subjects[pause.waitsFor ?? 'sync']}`;
}

/** How a schedule goes on by itself; `null` where only a person makes it. */
export function resumeWords(pause: SyncPause): string | null {
  if (pause.kind === 'person') return null;
  if (pause.kind === 'back_off') return 'Each failed run in a row makes it wait longer, six hours at most.';
  if (pause.kind === 'quota') return 'It goes on by itself then.';
  switch (pause.waitsFor) {
    case 'source':
    case 'destination':
      return `It goes on by itself when the check of the ${pause.waitsFor} passes. Corrected credentials are checked at once.`;
    case 'model':
      return 'It goes on by itself when the model, or the mapping of the sync, is changed.';
    case 'sync':
      return 'It goes on by itself when the configuration is changed.';
    default:
      return null;
  }
}
