import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: results to `out`, everything about its progress to `note`. */
export interface Terminal {
  /** Writes a line of the result (standard output). */
  out(line: string): void;
  /** Writes a line beside the result (standard error). */
  note(line: string): void;
  /** Colours text of the result, where colours are wanted. */
  style(style: Style, text: string): string;
  /** Replaces the last line on standard error, when that is a terminal; `null` takes it away. */
  status(line: string | null): void;
  /** Whether `status` shows anything. */
  readonly live: boolean;
  /** Asks a question; `null` when nobody is there to answer. */
  ask(question: string): Promise<string | null>;
}

/** The terminal of this process. Colours follow NO_COLOR, FORCE_COLOR and whether somebody looks. */
export function openTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const live = stderr.isTTY === true;
  return {
    live,
    out: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    style: (style, text) => styleText(style, text, { stream: stdout }),
    status(line) {
      if (!live) return;
      stderr.write(`\r\x1b[K${line === null ? '' : line.slice(0, (stderr.columns || 80) - 1)}`);
    },
    async ask(question) {
      if (!stdin.isTTY) return null;
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return await reader.question(question);
      } finally {
        reader.close();
      }
    },
  };
}
