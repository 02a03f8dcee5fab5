/**
 * Address of a real ClickHouse to ask the questions of all sources (`TEST_CLICKHOUSE_URL`), `null` without one: then a server
 * that speaks its interface stands in. It needs a user `reader` with the password `right` and the table that
 * `sources/clickhouse/__tests__/own-speech.ts` describes.
 */
export const realClickHouse: URL | null = process.env.TEST_CLICKHOUSE_URL
  ? new URL(process.env.TEST_CLICKHOUSE_URL)
  : null;
