import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import type { Payload } from '@sluice/connectors/kit/payload';

/** Rows that are sent together: as a text that was made of all of them, as records, or as both in turn. */
export interface Shipment {
  readonly rows: number;
  readonly payload?: Payload;
  /** One for each row, made at the first call. Throws `RecordsLost` when they cannot be had. */
  records(): Promise<readonly DestinationRecord[]>;
}

/** What was sent cannot be told row by row: whatever became of it, nobody knows. */
export class RecordsLost extends Error {
  constructor(cause: unknown) {
    super('the rows of a batch could not be read again', { cause });
    this.name = 'RecordsLost';
  }
}

export const recordShipment = (records: readonly DestinationRecord[]): Shipment => ({
  rows: records.length,
  records: () => Promise.resolve(records),
});

/** A shipment whose records are made when something is to be said of single rows. */
export function payloadShipment(
  payload: Payload,
  make: () => Promise<readonly DestinationRecord[]>,
): Shipment {
  let made: Promise<readonly DestinationRecord[]> | null = null;
  return {
    rows: payload.rows,
    payload,
    records() {
      made ??= make().then(
        (records) => {
          if (records.length === payload.rows) return records;
          throw new RecordsLost(new Error(`${records.length} records of ${payload.rows} rows`));
        },
        (thrown: unknown) => {
          throw new RecordsLost(thrown);
        },
      );
      return made;
    },
  };
}
