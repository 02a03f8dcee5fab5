import { isDeepStrictEqual } from 'node:util';
import type { ConnectionData, ConnectionRow } from './connection-kind.ts';

/** Whether more than the name changes: what was found out about the connection no longer holds. */
export function connectionChanged(before: ConnectionRow, after: ConnectionData): boolean {
  return before.secrets !== after.secrets || !isDeepStrictEqual(before.configuration, after.configuration);
}
