import { slackToken, startSlack } from '@sluice/testing/vendors/slack/start-slack';
import { apiCase } from '../../../__tests__/api-case.ts';

export const slackCase = apiCase({
  start: startSlack,
  working: (url) => ({ botToken: slackToken, baseUrl: url }),
  wrongCredentials: (url) => ({ botToken: 'xoxb-not-the-token', baseUrl: url }),
  sync: {
    object: 'messages',
    mode: 'trigger',
    triggers: ['added'],
    options: { channel: 'C1', added: 'New: {{ row.name }}' },
  },
  record: (number) => ({ match: null, fields: {}, row: { id: number, name: `n${number}` } }),
  poison: { match: null, fields: {}, row: { id: 0, name: 'a forbidden word' } },
  held: (state) => state.messages.length,
});
