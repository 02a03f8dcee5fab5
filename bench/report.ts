import { cpus, totalmem } from 'node:os';
import type { CaseLine, Figures } from './bench-case.ts';

export function heading(): string {
  const [cpu] = cpus();
  return [
    `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
    '',
    '| case | rows | limit | product | ratio | goal | rows/s | its processor time | peak memory |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ].join('\n');
}

export function line(of: CaseLine, rows: number, { limit, product }: Figures): string {
  const timeOf = ({ ms, cpuMs }: Figures['limit']): number => (of.byProcessor ? cpuMs : ms);
  const ratio = timeOf(product) / timeOf(limit);
  const verdict = ratio <= of.ratioMax ? '' : ' ✗';
  return `| ${[
    of.title,
    rows.toLocaleString('en-US'),
    seconds(timeOf(limit)),
    seconds(timeOf(product)),
    `${ratio.toFixed(2)}${verdict}`,
    `≤ ${Number(of.ratioMax.toFixed(2))}`,
    Math.round(rows / (timeOf(product) / 1000)).toLocaleString('en-US'),
    seconds(product.cpuMs),
    `${Math.round(product.peakMb)} MB`,
  ].join(' | ')} |`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
