import { cpus, totalmem } from 'node:os';
import type { BenchCase, Figures } from './bench-case.ts';

export function heading(): string {
  const [cpu] = cpus();
  return [
    `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
    '',
    '| case | rows | limit | product | ratio | goal | rows/s | its processor time | peak memory |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ].join('\n');
}

export function line(of: BenchCase, rows: number, { limit, product }: Figures): string {
  const ratio = product.ms / limit.ms;
  const verdict = ratio <= of.ratioMax ? '' : ' ✗';
  return `| ${[
    of.title,
    rows.toLocaleString('en-US'),
    seconds(limit.ms),
    seconds(product.ms),
    `${ratio.toFixed(2)}${verdict}`,
    `≤ ${Number(of.ratioMax.toFixed(2))}`,
    Math.round(rows / (product.ms / 1000)).toLocaleString('en-US'),
    seconds(product.cpuMs),
    `${Math.round(product.peakMb)} MB`,
  ].join(' | ')} |`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
