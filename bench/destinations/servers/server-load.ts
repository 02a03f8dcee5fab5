import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import type { Configuration } from '@sluice/connectors/kit/source';
import type { Load } from '../load.ts';

/** Where a load goes, as a program is told of it. */
export interface ServerAddress {
  /** Configuration of the destination. */
  readonly configuration: Configuration;
  readonly host: string;
  readonly port: number;
}

/** A server that is written to, while it runs. */
export interface ServerPlace {
  readonly address: ServerAddress;
  /** Takes everything out again. */
  clear(): Promise<void>;
  /** What it holds, as a text that is the same for the same records. */
  holds(): Promise<string>;
  close(): Promise<void>;
}

/** A load of a server that speaks no HTTP, with the bare way of sending it by the same client. */
export interface ServerLoad extends Load {
  /** Batches that the destination has on their way at once. */
  readonly lanes: number;
  /** Throws where no such server answers on this machine. */
  open(): Promise<ServerPlace>;
  /** One lane of the bare loop. */
  byHand(address: ServerAddress): Promise<(batch: readonly DestinationRecord[]) => Promise<unknown>>;
}
