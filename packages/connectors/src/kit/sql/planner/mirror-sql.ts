import { mirrorColumns } from './names.ts';

/** Tables that a statement works on, as the dialect spells them. */
interface Tables {
  readonly mirror: string;
  readonly upload: string;
  readonly textType: string;
}

const columns = mirrorColumns.join(', ');
/** With their names, which a table that is made of them takes. */
const of = (table: string): string =>
  mirrorColumns.map((column) => `${table}.${column} AS ${column}`).join(', ');

/** A mirror that is written anew: the upload, as it is. */
export const replacedSql = ({ upload }: Pick<Tables, 'upload'>): string => `SELECT ${columns} FROM ${upload}`;

/**
 * What a mirror holds after keys have moved. It is only believed (has a `state`) when it was what `from` says: two workers that
 * write at once leave a mirror that has to be written anew, never a wrong one.
 */
export const advancedSql = ({ mirror, upload, textType }: Tables, from: string): string => `
SELECT ${of('s_old')} FROM ${mirror} AS s_old
LEFT JOIN (SELECT id FROM ${upload} WHERE part IN ('key', 'gone')) AS s_moved ON s_moved.id = s_old.id
WHERE s_old.part = 'seen' OR (s_old.part = 'key' AND s_moved.id IS NULL)
UNION ALL
SELECT s_moved.part, s_moved.id, s_moved.row_key, s_seen.print, s_moved.match_id, CAST(NULL AS ${textType})
FROM (SELECT ${columns} FROM ${upload} WHERE part = 'key') AS s_moved
LEFT JOIN (SELECT id, fingerprint, print FROM ${mirror} WHERE part = 'seen') AS s_seen
  ON s_seen.id = s_moved.id AND s_seen.fingerprint = s_moved.fingerprint
UNION ALL
SELECT ${of('s_next')} FROM ${upload} AS s_next
INNER JOIN (SELECT DISTINCT id FROM ${mirror} WHERE part = 'state' AND id = '${from}') AS s_last ON 1 = 1
WHERE s_next.part = 'state'`;

/** What a mirror holds after rows have travelled; believed as `advancedSql` says. What was seen before is forgotten. */
export const rememberedSql = ({ mirror, upload }: Tables, at: string): string => `
SELECT s_old.part AS part, s_old.id AS id, s_old.row_key AS row_key, COALESCE(s_known.print, s_old.print) AS print,
  s_old.match_id AS match_id, s_old.fingerprint AS fingerprint
FROM ${mirror} AS s_old
LEFT JOIN (SELECT id, print FROM ${upload} WHERE part = 'known') AS s_known ON s_known.id = s_old.id
WHERE s_old.part = 'key' OR (s_old.part = 'state' AND s_old.id = '${at}')
UNION ALL
SELECT ${columns} FROM ${upload} WHERE part = 'seen'`;
