/**
 * For transactions that many callers want at once and that take turns at one row, in milliseconds: by default a caller
 * waits two seconds for a connection and then fails, although its turn would come.
 */
export const patientTransaction = { maxWait: 20_000, timeout: 15_000 } as const;
