import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { optionText } from '../../../kit/object-options.ts';
import { attributesOf } from '../attributes.ts';
import { type BatchEntry, batchRoute } from '../batch-route.ts';
import { identifierText } from '../identifier.ts';
import { limits } from '../limits.ts';

/** Which kind of object a sync writes; shared with relationships. */
export const objectTypeOption = {
  name: 'objectTypeId',
  label: 'Object type ID',
  kind: 'text' as const,
  help: 'The number of the object type, in Customer.io under Data & Integrations, Objects.',
  placeholder: '1',
  secret: false,
  required: true,
};

/** Companies, courses, accounts: things that people belong to. https://docs.customer.io/journeys/objects/ (2026-11) */
export const customObjects: ApiObject = {
  id: 'objects',
  label: 'Objects',
  modes: ['upsert', 'mirror'],
  deleteBehaviours: ['nothing', 'clear', 'delete'],
  openFields: true,
  describe: () =>
    Promise.resolve({
      fields: [
        apiField('object_id', 'Object ID', 'string', { matchable: true, nativeType: 'identifier' }),
        apiField('name', 'Name', 'string'),
        apiField('created_at', 'Created at', 'datetime', { nativeType: 'timestamp' }),
      ],
      options: [objectTypeOption],
    }),
  limits,
  routes: ({ sync }) => {
    const type = optionText([objectTypeOption], sync.options, 'objectTypeId');
    const cleared = Object.fromEntries(sync.mappings.map(({ to }) => [to, '']));
    const route = batchRoute((record): BatchEntry => {
      const identifiers = { object_type_id: type, object_id: identifierText(record.matchValue) };
      if (record.operation === 'delete') return { type: 'object', action: 'delete', identifiers };
      const attributes = record.operation === 'clear' ? cleared : attributesOf(record.fields);
      return { type: 'object', action: 'identify', identifiers, attributes };
    });
    return () => route;
  },
};
