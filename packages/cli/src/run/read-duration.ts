import { SluiceError } from '@sluice/domain/error';

const unitMs: Record<string, number> = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a time such as `90`, `90s`, `15m` or `2h`. Throws `input_invalid`. */
export function readDuration(typed: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(typed.trim()) ?? [];
  const factor = unitMs[unit ?? '?'];
  if (amount !== undefined && factor !== undefined) return Number(amount) * factor;
  throw new SluiceError('input_invalid', `"${typed}" is not a time.`, {
    fix: 'Write seconds (90), or 90s, 15m, 2h.',
  });
}
