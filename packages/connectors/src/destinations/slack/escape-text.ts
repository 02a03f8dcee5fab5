import type { Row, Value } from '@sluice/domain/column';

/**
 * The row with `&`, `<` and `>` written as Slack wants them in text: a customer who calls himself `<!channel>` shall not
 * wake a whole channel. https://docs.slack.dev/messaging/formatting-message-text#escaping (2026-11)
 */
export const escapeRow = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, escapeValue(value)]));

function escapeValue(value: Value): Value {
  if (typeof value === 'string')
    return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (Array.isArray(value)) return value.map(escapeValue);
  if (typeof value === 'object' && value !== null) return escapeRow(value);
  return value;
}
