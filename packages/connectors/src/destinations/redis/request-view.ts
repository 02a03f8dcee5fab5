import type { Exchange, RequestView } from '@sluice/domain/sync';
import type { Command } from './commands.ts';

/** Commands that are shown of a batch, and characters of each. */
const commandsMax = 100;
const lengthMax = 2_000;

/** A pipeline as people would type it. */
export function requestView(commands: readonly Command[]): RequestView {
  const lines = commands
    .slice(0, commandsMax)
    .map((command) => command.map(quoted).join(' ').slice(0, lengthMax));
  const more = commands.length - lines.length;
  return {
    summary: `Pipeline of ${commands.length} ${commands.length === 1 ? 'command' : 'commands'}`,
    headers: {},
    body: [...lines, ...(more > 0 ? [`# ${more} more commands`] : [])].join('\n'),
  };
}

export function exchangeOf(
  commands: readonly Command[],
  errors: readonly (Error | null)[],
  startedAt: Date,
): Exchange {
  const failed = errors.flatMap((error, index) => (error ? [`${index + 1}: ${error.message}`] : []));
  const done = errors.length - failed.length;
  return {
    request: requestView(commands),
    response: {
      summary: `${done} of ${errors.length} carried out`,
      headers: {},
      body:
        failed.length === 0
          ? null
          : failed
              .slice(0, commandsMax)
              .join('\n')
              .slice(0, lengthMax * 5),
    },
    error: null,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
  };
}

const quoted = (part: string): string => (/^[\w:.@-]+$/.test(part) ? part : JSON.stringify(part));
