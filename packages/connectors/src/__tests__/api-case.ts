import type { Row } from '@sluice/domain/column';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import type { VendorServer } from '@sluice/testing/vendors/vendor-server';
import type { Configuration } from '../kit/source.ts';

/** What the conformance suite has to know of an API destination; in the destination's `__tests__/api-case.ts`. */
export interface ApiCase<State = unknown> {
  start(): Promise<VendorServer<State>>;
  /** A configuration that works at this address. */
  working(url: string): Configuration;
  wrongCredentials(url: string): Configuration;
  /** A sync that adds rows with `id` and `name`. */
  readonly sync: SyncConfigurationInput;
  /** Match value and fields of the row with this number, as the mapper makes them. */
  record(number: number): {
    readonly match: string | number | null;
    readonly fields: Row;
    readonly row?: Row;
  };
  /** Fields of a row that the vendor refuses for what it holds; `null` where it refuses none. */
  readonly poison: {
    readonly match: string | number | null;
    readonly fields: Row;
    readonly row?: Row;
  } | null;
  /** How many of the records the vendor holds, each counted as often as it holds it. */
  held(state: State): number;
}

/** Keeps the type of the state inside: the suite only hands it back. */
export const apiCase = <State>(one: ApiCase<State>): ApiCase => one as ApiCase;
