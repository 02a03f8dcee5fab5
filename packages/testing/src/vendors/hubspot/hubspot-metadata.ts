/** What the fake account says about its objects, in the form of HubSpot's own answers. */
export function describe(type: string) {
  const own: Record<string, Record<string, unknown>[]> = {
    contacts: [
      property('email', 'Email', 'string'),
      property('firstname', 'First name', 'string'),
      property('birthday', 'Birthday', 'date'),
      property('last_seen', 'Last seen', 'datetime'),
      property('interests', 'Interests', 'enumeration', {
        fieldType: 'checkbox',
        options: choices('wine', 'tea'),
      }),
      property('customer_no', 'Customer number', 'string', { hasUniqueValue: true }),
      property('score', 'Score', 'number', { calculated: true }),
      property('revenue', 'Revenue', 'number'),
    ],
    companies: [
      property('name', 'Name', 'string'),
      property('account_no', 'Account', 'string', { hasUniqueValue: true }),
    ],
    deals: [
      property('dealname', 'Deal name', 'string'),
      property('dealstage', 'Deal stage', 'enumeration', { options: choices('open', 'won') }),
      property('deal_no', 'Deal number', 'string', { hasUniqueValue: true }),
    ],
    tickets: [
      property('subject', 'Subject', 'string'),
      property('hs_pipeline_stage', 'Stage', 'enumeration', { options: choices('1') }),
      property('ticket_no', 'Ticket number', 'string', { hasUniqueValue: true }),
    ],
    '2-7': [
      property('vin', 'VIN', 'string', { hasUniqueValue: true }),
      property('colour', 'Colour', 'string'),
    ],
  };
  const id = property('hs_object_id', 'Record ID', 'number', {
    modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: true },
  });
  return { results: [...(own[type] ?? []), id] };
}

export const listSchemas = () => ({
  results: [
    {
      id: '7',
      objectTypeId: '2-7',
      name: 'cars',
      labels: { singular: 'Car', plural: 'Cars' },
      requiredProperties: ['vin'],
      associations: [],
      properties: [],
    },
  ],
});

export const searchLists = () => ({
  total: 1,
  offset: 0,
  hasMore: false,
  lists: [
    {
      listId: '5',
      name: 'Newsletter',
      objectTypeId: '0-1',
      processingType: 'MANUAL',
      processingStatus: 'COMPLETE',
      listVersion: 1,
      additionalProperties: {},
    },
  ],
});

const property = (name: string, label: string, type: string, more: Record<string, unknown> = {}) => ({
  name,
  label,
  type,
  fieldType: type === 'enumeration' ? 'select' : 'text',
  description: '',
  groupName: 'information',
  options: [],
  ...more,
});

const choices = (...values: string[]) =>
  values.map((value) => ({ value, label: value, description: '', displayOrder: 0, hidden: false }));
