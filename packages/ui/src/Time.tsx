'use client';

import { useEffect, useState } from 'react';
import { Tooltip } from './Tooltip.tsx';

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** "3 min ago", with the exact time in the reader's own zone on hover. Moves on by itself. */
export function Time({ at }: { at: Date }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const age = Math.abs(Date.now() - at.getTime());
    const timer = setInterval(() => setNow(Date.now()), age < 3_600_000 ? 10_000 : 60_000);
    return () => clearInterval(timer);
  }, [at]);
  return (
    <Tooltip content={exactTime(at)}>
      <time dateTime={at.toISOString()} className="tabular whitespace-nowrap" suppressHydrationWarning>
        {relativeTime(at, now)}
      </time>
    </Tooltip>
  );
}

/** "3 min ago", "in 2 hr."; below five seconds "now". */
export function relativeTime(at: Date, now: number): string {
  const seconds = Math.round((at.getTime() - now) / 1000);
  if (Math.abs(seconds) < 5) return 'now';
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** The time with its zone, for tooltips and details. */
export function exactTime(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(at);
}

/** A length of time in at most two units: `840 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
  // Rounded once, before it is split: otherwise there would be 60 s and 60 min.
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
