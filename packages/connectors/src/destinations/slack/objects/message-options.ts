import { changeClasses } from '@sluice/domain/change';
import type { ConfigField } from '@sluice/domain/field';

/** The channel option that leaves the choice to each row. */
export const byRow = 'row';

const texts = {
  added: ['Message for added rows', 'New customer: *{{ row.name }}*'],
  changed: ['Message for changed rows', '*{{ row.name }}* is now on the plan {{ row.plan }}'],
  removed: ['Message for removed rows', '*{{ row.name }}* has left'],
} as const;

const common = { secret: false, required: true } as const;

/** What a message is made of. `channels` are those that the bot sees. */
export const messageOptions = (channels: readonly { id: string; name: string }[]): ConfigField[] => [
  {
    ...common,
    name: 'channel',
    label: 'Channel',
    kind: 'select',
    help: 'Public channels, and private ones that the app was invited to.',
    options: [
      ...channels.map(({ id, name }) => ({ value: id, label: `#${name}` })),
      { value: byRow, label: 'Chosen by each row', help: 'A channel ID, or the e-mail address of a person' },
    ],
  },
  {
    ...common,
    name: 'recipient',
    label: 'Recipient',
    kind: 'template',
    help: 'Must come out as the ID of a channel or person (C…, U…), or as the e-mail address of a person.',
    placeholder: '{{ row.owner_email }}',
    visibleWhen: { field: 'channel', values: [byRow] },
  },
  ...changeClasses.map(
    (name): ConfigField => ({
      ...common,
      name,
      label: texts[name][0],
      kind: 'template',
      help: 'Liquid. *bold*, _italic_ and <https://example.com|links> are Slack’s; values are escaped for it.',
      placeholder: texts[name][1],
      forClass: name,
    }),
  ),
  {
    ...common,
    name: 'format',
    label: 'Format',
    kind: 'select',
    help: 'Blocks lay a message out; the template then has to make a JSON list of them.',
    default: 'text',
    options: [
      { value: 'text', label: 'Text' },
      { value: 'blocks', label: 'Blocks (JSON)' },
    ],
  },
  {
    name: 'unfurl',
    label: 'Show previews of links',
    kind: 'checkbox',
    help: 'Slack adds a preview below a message that holds a link.',
    secret: false,
    required: false,
    default: false,
  },
];
