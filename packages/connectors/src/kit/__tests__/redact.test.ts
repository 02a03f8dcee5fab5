import { expect, test } from 'vitest';
import { createRedactor, mask } from '../redact.ts';

const secret = 's3cr3t/+ "päss"';
const redactor = createRedactor([secret, `Bearer tok-1234567890`, `Basic ${btoa('ann:hunter22')}`, 'abc']);

test.each([
  ['as it is', secret],
  ['in a URL', encodeURIComponent(secret)],
  ['in a form', encodeURIComponent(secret).replaceAll('%20', '+')],
  ['in JSON', JSON.stringify({ key: secret })],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
  ['a bearer token without its scheme', 'tok-1234567890'],
  ['the password inside Basic', 'hunter22'],
])('masks a secret %s', (_form, text) => {
  const masked = redactor.text(`before ${text} after`);
  expect(masked).toContain(mask);
  for (const trace of ['s3cr3t', 'päss', 'tok-123', 'hunter22', btoa('ann:hunter22')]) {
    expect(masked).not.toContain(trace);
  }
  expect(masked).toMatch(/^before .* after$/);
});

test('masks user information of URLs and headers that carry credentials by name', () => {
  expect(redactor.text('see https://ann:pw@api.example/x')).toBe(`see https://${mask}@api.example/x`);
  const view = redactor.request({
    summary: `GET https://api.example/?key=${encodeURIComponent(secret)}`,
    headers: { Authorization: 'anything', Cookie: 'a=b', 'X-Plain': 'visible', 'X-Key': secret },
    body: null,
  });
  expect(view).toEqual({
    summary: `GET https://api.example/?key=${mask}`,
    headers: { Authorization: mask, Cookie: mask, 'X-Plain': 'visible', 'X-Key': mask },
    body: null,
  });
});

test('masks what the other side echoes', () => {
  const exchange = redactor.exchange({
    request: { summary: 'POST https://api.example', headers: {}, body: secret },
    response: { summary: '401', headers: { 'set-cookie': 'session=1' }, body: `bad key ${secret}` },
    error: `refused ${secret}`,
    startedAt: '2026-11-01T00:00:00Z',
    durationMs: 1,
  });
  expect(JSON.stringify(exchange)).not.toContain('s3cr3t');
  expect(exchange.response?.headers).toEqual({ 'set-cookie': mask });
});

test('leaves very short values alone, and everything when there are no secrets', () => {
  expect(redactor.text('abc def')).toBe('abc def');
  expect(createRedactor([]).text('anything $& goes')).toBe('anything $& goes');
});
