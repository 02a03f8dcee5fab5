import type { ConfigField } from '@sluice/domain/field';
import type { ApiObject } from '../../../kit/http/api-object.ts';
import { jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Route } from '../../../kit/http/route.ts';
import { optionText } from '../../../kit/object-options.ts';
import { identifierFields } from '../identifier.ts';
import { subscriptionLimits } from '../limits.ts';

const lists = { external_id: 'external_ids', email: 'emails', phone: 'phones' } as const;

const options: ConfigField[] = [
  {
    name: 'groupId',
    label: 'Subscription group ID',
    kind: 'text',
    help: 'In Braze under Audience, Subscriptions, in the details of the group.',
    secret: false,
    required: true,
  },
];

/**
 * Members of an e-mail or SMS subscription group: removed ones are unsubscribed.
 * https://www.braze.com/docs/api/endpoints/subscription_groups/post_update_user_subscription_group_status_v2/ (2026-11)
 */
export const subscriptions: ApiObject = {
  id: 'subscriptions',
  label: 'Members of a subscription group',
  modes: ['segment', 'add', 'remove'],
  membersOnly: true,
  describe: () =>
    Promise.resolve({ fields: identifierFields.filter(({ name }) => Object.hasOwn(lists, name)), options }),
  limits: subscriptionLimits,
  routes({ sync }) {
    const list = lists[(sync.matchKey?.to ?? 'external_id') as keyof typeof lists];
    const group = JSON.stringify(optionText(options, sync.options, 'groupId'));
    const route = (state: 'subscribed' | 'unsubscribed'): Route => ({
      name: state,
      batch: { rows: 50 },
      encode: ({ matchValue }) => JSON.stringify(String(matchValue).trim()),
      request: ({ items }) => ({
        method: 'POST',
        path: '/v2/subscription/status/set',
        body: jsonText(
          `{"subscription_groups":[{"subscription_group_id":${group},"subscription_state":"${state}","${list}":[${items.join(',')}]}]}`,
        ),
      }),
      read: (_, { records }) => records.map(() => delivered),
    });
    const [add, remove] = [route('subscribed'), route('unsubscribed')];
    return ({ operation }) => (operation === 'add' ? add : remove);
  },
};
