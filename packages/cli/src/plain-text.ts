/** Text for a terminal: control characters, which could move its cursor or recolour it, become visible or a space. */
export const plainText = (text: string): string =>
  text.replace(/[\r\n\t]+/g, ' ').replace(/\p{Cc}/gu, '\ufffd');

/** The same, with its lines kept. */
export const plainLines = (text: string): string[] => text.split(/\r?\n/).map(plainText);
