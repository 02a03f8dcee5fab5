import type { PlannerPlace } from './planner-world.ts';

/** A place at a server that shows what it is asked. */
export interface ServerPlace extends PlannerPlace {
  open(planner: 'local' | 'warehouse', signal?: AbortSignal): ReturnType<PlannerPlace['open']>;
  /** Calls back whenever a statement has arrived, before it is carried out; the last one who asked. */
  onStatement(heard: () => void): void;
  /** What a client must not do: has to stay empty. */
  readonly violations: readonly string[];
}

/** `onStatement` of a server that keeps a list of what arrives. */
export function hearing(statements: unknown[]): Pick<ServerPlace, 'onStatement'> {
  let heard = () => {};
  const { push } = statements;
  statements.push = (...items) => {
    heard();
    return push.apply(statements, items);
  };
  return {
    onStatement: (listener) => {
      heard = listener;
    },
  };
}
