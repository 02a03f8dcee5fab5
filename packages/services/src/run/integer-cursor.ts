import { SluiceError } from '@sluice/domain/error';

/** The number that the cursor of a list stands for; `null` for the first page. Throws `input_invalid`. */
export function integerCursor(cursor: string | null | undefined): number | null {
  if (cursor === null || cursor === undefined || cursor === '') return null;
  const value = Number(cursor);
  if (/^\d{1,10}$/.test(cursor) && value <= 2_147_483_647) return value;
  throw new SluiceError('input_invalid', 'This is not the end of a page.', {
    fields: { cursor: 'Start again from the first page.' },
  });
}
