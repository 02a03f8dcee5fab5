import type { ProxyVerdict, TcpProxy } from '@sluice/testing/tcp-proxy';
import type { Place } from './place.ts';

const faults = ['cut', 'halve', 'swallow_answer', 'mute', 'stall', 'refuse'] as const;

/**
 * Bad weather between a worker and a server: connections break and fall silent at any of their messages, every other time
 * at the one that counts (`turning`), or are refused.
 */
export function weatherOf(
  proxy: TcpProxy,
  turning: RegExp | null = null,
): Pick<Place, 'misbehave' | 'clear' | 'cut'> {
  const due: { after: number; at: RegExp | null; verdict: ProxyVerdict }[] = [];
  proxy.inspect((data) => {
    const [next] = due;
    if (!next || (next.at && !next.at.test(data.toString('latin1')))) return 'pass';
    next.after -= 1;
    if (next.after > 0) return 'pass';
    due.shift();
    return next.verdict;
  });
  return {
    misbehave(chance) {
      const fault = chance.pick(faults);
      const at = chance.chance(0.5) ? turning : null;
      if (fault === 'refuse') proxy.refuse(chance.between(1, 2));
      else due.push({ after: chance.between(1, at ? 2 : 20), at, verdict: fault });
    },
    clear() {
      due.length = 0;
      proxy.refuse(0);
    },
    cut: () => proxy.breakAll(),
  };
}
