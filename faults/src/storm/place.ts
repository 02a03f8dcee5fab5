import type { Configuration } from '@sluice/connectors/kit/source';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import type { Cells } from '@sluice/engine/__tests__/world';
import type { Dice } from '../seed.ts';

/** A place that rows go to, as a storm needs it: the server, its bad weather, and what it holds in the end. */
export interface Place {
  /** The ports that a worker may reach. */
  readonly ports: readonly number[];
  readonly configuration: Configuration;
  /** Takes rows with `id`, `version` and `name`. */
  readonly sync: SyncConfigurationInput;
  /** Something goes wrong soon. */
  misbehave(chance: Dice): void;
  /** Nothing goes wrong any more. */
  clear(): void;
  /** A worker has died, and with it its connections. */
  cut(): void;
  /**
   * Rows by id, as somebody finds them who reads the place now. Throws where it is wrong in itself: half a file, a value that
   * came after a newer one.
   */
  held(): Promise<Map<string, Cells>>;
  /** How often each `id@version` (`id@gone` for a removal) was taken; `null` where the place knows a repetition. */
  taken(): Promise<Map<string, number>> | null;
  close(): Promise<void>;
}

/** What a row is called in `taken`. */
export const nameOf = (id: unknown, version: unknown): string => `${id}@${version ?? 'gone'}`;
