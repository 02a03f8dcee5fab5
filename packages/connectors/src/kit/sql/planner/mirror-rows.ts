import { createHash } from 'node:crypto';
import type { MirrorState } from '../../planner.ts';

/** A row of a table of `mirrorColumns`. */
type MirrorRow = [
  part: string,
  id: string | null,
  key: string | null,
  print: string | null,
  matchId: string | null,
  fingerprint: string | null,
];
type Cells = readonly (string | null)[];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const matchId = (match: string | null | undefined): string | null => (match == null ? null : sha256(match));

/** The row that says which ledger a mirror holds. */
export function stateRow({ files, matchColumn }: MirrorState): MirrorRow {
  const text = JSON.stringify({ files, matchColumn });
  return ['state', sha256(text), text, null, null, null];
}

/** What marks that row. Hexadecimal digits. */
export const stateId = (state: MirrorState): string => stateRow(state)[1] ?? '';

/** Throws for what `stateRow` has not written. */
export const readState = (text: string): MirrorState => {
  const { files, matchColumn } = JSON.parse(text) as MirrorState;
  return { files, matchColumn };
};

/** Of `key, print, match`. */
export const replacedRow = ([key, print, match]: Cells): MirrorRow => [
  'key',
  sha256(key ?? ''),
  key ?? '',
  print ?? null,
  matchId(match),
  null,
];

/** Of `key, fingerprint, match, gone`; `gone` is a part of uploads alone. */
export const movedRow = ([key, fingerprint, match, gone]: Cells): MirrorRow => [
  gone === 'true' ? 'gone' : 'key',
  sha256(key ?? ''),
  key ?? '',
  null,
  matchId(match),
  fingerprint ?? null,
];

/** Of `key, fingerprint, print, known`; `known` is a part of uploads alone. */
export const travelledRow = ([key, fingerprint, print, known]: Cells): MirrorRow => [
  known === 'true' ? 'known' : 'seen',
  sha256(key ?? ''),
  null,
  print ?? null,
  null,
  fingerprint ?? null,
];
