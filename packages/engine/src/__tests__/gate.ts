import { AsyncLocalStorage } from 'node:async_hooks';

/** The worker is dead: nothing it does from now on has any effect. */
export class Killed extends Error {}

/** Called at every port call; throws to stop the worker there, as a kill would. */
export type Gate = (call: string) => Promise<void> | void;

/** The gate of the worker at work. */
export const gates = new AsyncLocalStorage<Gate>();
