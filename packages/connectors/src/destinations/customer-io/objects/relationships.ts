import { type ApiObject, apiField } from '../../../kit/http/api-object.ts';
import { RowRejected } from '../../../kit/http/route.ts';
import { optionText } from '../../../kit/object-options.ts';
import { fieldOf, removalColumns } from '../../../kit/removal-fields.ts';
import { attributesOf } from '../attributes.ts';
import { batchRoute } from '../batch-route.ts';
import { identifierText } from '../identifier.ts';
import { limits } from '../limits.ts';
import { objectTypeOption } from './objects.ts';

/** How a person is named beside the object. */
const personFields = ['person_id', 'person_email', 'person_cio_id'] as const;
const identifierOfField = { person_id: 'id', person_email: 'email', person_cio_id: 'cio_id' } as const;

/** Which person belongs to which object. A row is one pair, found again by both of its ends. */
export const relationships: ApiObject = {
  id: 'relationships',
  label: 'Relationships',
  modes: ['segment', 'add', 'remove'],
  openFields: true,
  noMatchKey: true,
  describe: () =>
    Promise.resolve({
      fields: [
        apiField('object_id', 'Object ID', 'string', { required: true, nativeType: 'identifier' }),
        apiField('person_id', 'Person: ID', 'string'),
        apiField('person_email', 'Person: Email', 'string'),
        apiField('person_cio_id', 'Person: Customer.io ID', 'string'),
      ],
      options: [objectTypeOption],
    }),
  validate({ mappings }): Record<string, string> {
    const ends = mappings.filter(({ to }) => personFields.some((name) => name === to));
    if (ends.length === 1) return {};
    return { mappings: 'Map exactly one of Person: ID, Person: Email and Person: Customer.io ID.' };
  },
  columnsForRemoval: (sync) => removalColumns(sync, ['object_id', ...personFields]),
  limits,
  routes: ({ sync }) => {
    const type = optionText([objectTypeOption], sync.options, 'objectTypeId');
    const field = personFields.find((name) => sync.mappings.some(({ to }) => to === name)) ?? 'person_id';
    const route = batchRoute((record) => {
      const [object, person] = [fieldOf(record, sync, 'object_id'), fieldOf(record, sync, field)];
      if (object === null || person === null || object === '' || person === '')
        throw new RowRejected('end_missing', 'The row does not name both the object and the person.');
      const adds = record.operation === 'add';
      const attributes = adds ? attributesOf(record.fields, ['object_id', ...personFields]) : {};
      return {
        type: 'object',
        action: adds ? 'add_relationships' : 'delete_relationships',
        identifiers: { object_type_id: type, object_id: identifierText(object) },
        cio_relationships: [
          {
            identifiers: { [identifierOfField[field]]: identifierText(person) },
            ...(Object.keys(attributes).length > 0 && { relationship_attributes: attributes }),
          },
        ],
      };
    });
    return () => route;
  },
};
