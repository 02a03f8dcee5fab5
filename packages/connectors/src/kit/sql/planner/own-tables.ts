/** `PlannerWriter.tables` by two queries: one that has a row where there is a schema, and one for the names in it. */
export async function ownTables(
  rows: (query: string) => Promise<(string | null)[][]>,
  queries: { readonly schema: string; readonly tables: string },
): Promise<string[] | null> {
  if ((await rows(queries.schema)).length === 0) return null;
  return (await rows(queries.tables)).map(([name]) => name ?? '');
}
