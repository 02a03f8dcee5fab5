import type { LogLevel, RunEvent } from '@sluice/domain/run';

/** Log lines kept on the page; older ones are read again when asked for. */
export const logLinesMax = 10_000;

/**
 * Adds lines to a log: by id, so that a line that arrives twice after a reconnection is there once, oldest first.
 * Answers the same array when nothing is new.
 */
export function appendEvents(log: readonly RunEvent[], arrived: readonly RunEvent[]): readonly RunEvent[] {
  const last = log.at(-1)?.id ?? 0;
  if (arrived.every((event) => event.id > last) && isAscending(arrived)) {
    return arrived.length === 0 ? log : trim([...log, ...arrived]);
  }
  const known = new Set(log.map((event) => event.id));
  const fresh = arrived.filter((event, index) => {
    return !known.has(event.id) && arrived.findIndex((other) => other.id === event.id) === index;
  });
  if (fresh.length === 0) return log;
  return trim([...log, ...fresh].sort((a, b) => a.id - b.id));
}

/** The lines of a level and above, whose message holds the text. */
export function filterEvents(
  log: readonly RunEvent[],
  filter: { level: LogLevel | 'all'; text: string },
): readonly RunEvent[] {
  const text = filter.text.trim().toLowerCase();
  const rank = { all: 0, info: 0, warning: 1, error: 2 } as const;
  if (rank[filter.level] === 0 && text === '') return log;
  return log.filter(
    (event) => rank[event.level] >= rank[filter.level] && event.message.toLowerCase().includes(text),
  );
}

const trim = (events: RunEvent[]): RunEvent[] =>
  events.length > logLinesMax ? events.slice(events.length - logLinesMax) : events;

function isAscending(events: readonly RunEvent[]): boolean {
  return events.every((event, index) => index === 0 || event.id > (events[index - 1]?.id ?? 0));
}
