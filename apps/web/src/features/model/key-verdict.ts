import type { KeyInspection } from '@sluice/domain/model';

export interface KeyVerdict {
  tone: 'good' | 'warning';
  title: string;
  text: string;
}

const number = new Intl.NumberFormat('en');

/** What the counts of a primary key mean for the rows of the model. */
export function keyVerdict(inspection: KeyInspection, column: string): KeyVerdict {
  const { rows, nulls, duplicates } = inspection;
  if (rows === 0) {
    return {
      tone: 'warning',
      title: 'The query returns no rows',
      text: 'Nothing can be said about the key yet. It is checked again in every run.',
    };
  }
  if (nulls === 0 && duplicates === 0) {
    return {
      tone: 'good',
      title: `${column} identifies every row`,
      text: `${number.format(rows)} rows, none without a value, none twice.`,
    };
  }
  const flaws = [
    nulls > 0 && `${number.format(nulls)} without a value`,
    duplicates > 0 && `${number.format(duplicates)} that share their value with another row`,
  ].filter((flaw) => flaw !== false);
  return {
    tone: 'warning',
    title: `${number.format(nulls + duplicates)} of ${number.format(rows)} rows would never be sent`,
    text: `${column} leaves ${flaws.join(' and ')}. Such rows are counted and shown in each run. Choose another column, or filter them out of the query.`,
  };
}
