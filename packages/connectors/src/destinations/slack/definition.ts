import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presetUrl, readConfiguration } from './configuration.ts';
import { openConnection } from './open-connection.ts';

/** Messages and user groups of a Slack workspace. */
export const slackDestination: DestinationDefinition = {
  slug: 'slack',
  name: 'Slack',
  category: 'work',
  description: 'Post a message when a row is added, changed or removed; keep user groups equal to a model.',
  docsUrl: '/docs/destinations/slack',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#4a154b"/><path d="M7 9.5a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v3.5a2 2 0 0 1-2 2h-3l-3 2.5V15a2 2 0 0 1-2-2z" fill="none" stroke="#fff" stroke-width="1.5" stroke-linejoin="round"/></svg>',
  fields: [
    {
      name: 'botToken',
      label: 'Bot token',
      kind: 'password',
      help: 'Of a Slack app that is installed in the workspace, under OAuth & Permissions. Begins with xoxb-.',
      placeholder: 'xoxb-…',
      secret: true,
      required: true,
    },
    baseUrlField(presetUrl),
  ],
  checks,
  writes: [
    {
      object: 'Messages',
      modes: ['trigger'],
      matchKeys: 'none: a message for each row',
      batch: { rows: 1 },
      limits: '1 message / s',
    },
    {
      object: 'Members of a user group',
      modes: ['segment', 'add', 'remove'],
      matchKeys: 'email, user ID',
      batch: { rows: 500 },
      limits: '20 requests / min, one at a time',
    },
  ],
  testedAgainst: 'a fake with state; every request judged by Slack’s own description',
  cannotTellRepeat: true,
  assertConfiguration: readConfiguration,
  open: openConnection,
};
