import { notFound } from 'next/navigation';

/** The id in an address; anything that cannot be one is the page for things that do not exist. */
export function numericId(text: string): number {
  const id = Number(text);
  if (!/^\d{1,10}$/.test(text) || !Number.isSafeInteger(id) || id < 1 || id > 2_147_483_647) notFound();
  return id;
}
