const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `1.2 GB`: in powers of 1,000, with as many digits as say something. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be rounded to 1,000 already is one of the next unit.
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1_000;
  const text = unit > 0 && value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
  return `${text} ${unit === 0 && bytes === 1 ? 'byte' : units[unit]}`;
}
