import { SluiceError } from '@sluice/domain/error';
import { plainLines, plainText } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

/** Says what happened, where, and what to do about it. */
export function printError(terminal: Terminal, thrown: unknown): void {
  terminal.status(null);
  if (!(thrown instanceof SluiceError)) {
    terminal.note(`error: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return;
  }
  const [first = '', ...rest] = plainLines(thrown.message);
  terminal.note(`error: ${first}`);
  for (const line of rest) terminal.note(`  ${line}`);
  for (const [path, message] of Object.entries(thrown.fields ?? {})) {
    terminal.note(`  ${plainText(path)}: ${plainText(message)}`);
  }
  terminal.note(`What to do: ${plainText(thrown.fix)}`);
  if (typeof thrown.details?.requestId === 'string')
    terminal.note(`Request id: ${plainText(thrown.details.requestId)}`);
}
