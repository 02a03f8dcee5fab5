import type { Row } from '@sluice/domain/column';
import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { attributesOf } from '../attributes.ts';
import { type BatchEntry, batchRoute } from '../batch-route.ts';
import { identifierFields, identifiersOf } from '../identifier.ts';
import { limits } from '../limits.ts';

/** Profiles. Attributes have any name; updating without creating is `_update`. */
export const people: ApiObject = {
  id: 'people',
  label: 'People',
  modes: ['upsert', 'update', 'mirror'],
  deleteBehaviours: ['nothing', 'clear', 'delete'],
  openFields: true,
  describe: () =>
    Promise.resolve({
      fields: [
        ...identifierFields,
        apiField('created_at', 'Created at', 'datetime', { nativeType: 'timestamp' }),
        apiField('unsubscribed', 'Unsubscribed', 'boolean'),
        apiField('phone', 'Phone', 'string'),
        apiField('timezone', 'Time zone', 'string'),
      ],
    }),
  limits,
  routes: ({ sync }) => {
    const cleared: Row = Object.fromEntries(sync.mappings.map(({ to }) => [to, '']));
    const route = batchRoute((record): BatchEntry => {
      const identifiers = identifiersOf(sync, record.matchValue);
      if (record.operation === 'delete') return { type: 'person', identifiers, action: 'delete' };
      const attributes = record.operation === 'clear' ? { ...cleared } : attributesOf(record.fields);
      if (record.operation === 'update' || record.operation === 'clear') attributes._update = true;
      return { type: 'person', identifiers, action: 'identify', attributes };
    });
    return () => route;
  },
};
