/** A text as an SQL literal. File paths and metadata are the only texts that reach SQL; columns go by position. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `v0, v1, …`, or nothing: each with a comma before it, to follow other columns. */
export const columnList = (count: number, column: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `, ${column(index)}`).join('');
