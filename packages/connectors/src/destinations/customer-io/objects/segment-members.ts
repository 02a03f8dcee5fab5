import type { ApiObject } from '../../../kit/http/api-object.ts';
import { apiPath, jsonText } from '../../../kit/http/api-request.ts';
import { delivered, type Route } from '../../../kit/http/route.ts';
import { optionText } from '../../../kit/object-options.ts';
import { identifierFields, identifierText } from '../identifier.ts';
import { limits } from '../limits.ts';

const options = [
  {
    name: 'segmentId',
    label: 'Segment ID',
    kind: 'text' as const,
    help: 'The number of a manual segment: the last part of its address in Customer.io.',
    placeholder: '7',
    secret: false,
    required: true,
  },
];

/** People in a manual segment. https://docs.customer.io/api/track/#operation/add_to_segment (2026-11) */
export const segmentMembers: ApiObject = {
  id: 'segment-members',
  label: 'Members of a manual segment',
  modes: ['segment', 'add', 'remove'],
  membersOnly: true,
  describe: () => Promise.resolve({ fields: identifierFields, options }),
  validate({ options: given }): Record<string, string> {
    const id = optionText(options, given, 'segmentId');
    return id === '' || /^\d{1,9}$/.test(id) ? {} : { 'options.segmentId': 'The segment ID is a number.' };
  },
  limits,
  routes: ({ sync }) => {
    const segment = optionText(options, sync.options, 'segmentId');
    const idType = sync.matchKey?.to ?? 'id';
    const route = (action: 'add' | 'remove'): Route => ({
      name: action,
      batch: { rows: 1000 },
      encode: ({ matchValue }) => JSON.stringify(identifierText(matchValue)),
      request: ({ items }) => ({
        method: 'POST',
        path: apiPath`/api/v1/segments/${segment}/${action}_customers`,
        query: { id_type: idType },
        body: jsonText(`{"ids":[${items.join(',')}]}`),
        answer: 'nothing',
      }),
      read: (_, { records }) => records.map(() => delivered),
    });
    const [add, remove] = [route('add'), route('remove')];
    return ({ operation }) => (operation === 'add' ? add : remove);
  },
};
