/** Quotes a name for SQL; the only way names given by users get into a statement. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
