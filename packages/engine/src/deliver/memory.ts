import type { DeliveryMemory } from '@sluice/connectors/kit/destination';
import type { BatchIntent, RunStore } from '../ports.ts';

/** The memory of one batch, in the record of the run. `failure` is what the record threw: no fault of the destination. */
export function createMemory(
  intent: BatchIntent,
  store: Pick<RunStore, 'remember'>,
  goesOn: () => boolean,
): DeliveryMemory & { readonly failure: { readonly thrown: unknown } | null } {
  let kept = intent.memory ?? null;
  let failure: { readonly thrown: unknown } | null = null;
  return {
    get failure() {
      return failure;
    },
    get goesOn() {
      return goesOn();
    },
    read: () => kept,
    async keep(text) {
      try {
        await store.remember(intent, text);
        kept = text;
      } catch (thrown) {
        failure = { thrown };
        throw thrown;
      }
    },
  };
}
