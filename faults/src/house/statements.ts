/**
 * The statements by which a worker moves a run, as they are seen on their way to the database. A test that waits for
 * one of them fails when it never comes, so a statement that was rewritten is noticed here.
 */
export const statements = {
  claim: /update runs set\s+epoch = epoch \+ 1/,
  freeze: /update runs set specification =/,
  plan: /update runs set plan =/,
  intend: /insert into run_batches[\s\S]*'intended'/,
  settle: /insert into run_batches[\s\S]*'settled'/,
  end: /update syncs set\s+ledger_key =/,
} as const;
export type StatementName = keyof typeof statements;
