/** A field of the fake org. */
export interface FakeField {
  readonly name: string;
  readonly type: string;
  readonly required?: boolean;
  readonly externalId?: boolean;
  readonly idLookup?: boolean;
  readonly updateable?: boolean;
  readonly createable?: boolean;
  readonly length?: number;
  readonly picklist?: readonly string[];
  readonly reference?: { readonly name: string; readonly to: readonly string[] };
}

export interface FakeObject {
  readonly name: string;
  readonly label: string;
  readonly prefix: string;
  readonly updateable?: boolean;
  readonly fields: readonly FakeField[];
}

const id: FakeField = { name: 'Id', type: 'id', createable: false, updateable: false, idLookup: true };
const account = { name: 'Account', to: ['Account'] };

/** Accounts, contacts, a custom object whose parent is set for good, and a platform event. */
export const fakeObjects: readonly FakeObject[] = [
  {
    name: 'Account',
    label: 'Account',
    prefix: '001',
    fields: [
      id,
      { name: 'Name', type: 'string', required: true, length: 255 },
      { name: 'Code__c', type: 'string', externalId: true },
      { name: 'AnnualRevenue', type: 'currency' },
    ],
  },
  {
    name: 'Contact',
    label: 'Contact',
    prefix: '003',
    fields: [
      id,
      { name: 'LastName', type: 'string', required: true, length: 80 },
      { name: 'FirstName', type: 'string', length: 40 },
      { name: 'Email', type: 'email', idLookup: true },
      { name: 'Ext__c', type: 'string', externalId: true },
      { name: 'Number__c', type: 'double', externalId: true },
      { name: 'Birthdate', type: 'date' },
      { name: 'LastSeen__c', type: 'datetime' },
      { name: 'Vip__c', type: 'boolean' },
      { name: 'Score__c', type: 'double' },
      { name: 'Tier__c', type: 'picklist', picklist: ['Gold', 'Silver'] },
      { name: 'Interests__c', type: 'multipicklist', picklist: ['Wine', 'Tea'] },
      { name: 'AccountId', type: 'reference', reference: account },
      { name: 'OwnerThing__c', type: 'reference', reference: { name: 'Owner', to: ['Group', 'User'] } },
      { name: 'CreatedDate', type: 'datetime', createable: false, updateable: false },
    ],
  },
  {
    name: 'Car__c',
    label: 'Car',
    prefix: 'a01',
    fields: [
      id,
      { name: 'Vin__c', type: 'string', externalId: true, required: true },
      {
        name: 'Garage__c',
        type: 'reference',
        required: true,
        updateable: false,
        reference: { name: 'Garage__r', to: ['Account'] },
      },
    ],
  },
  {
    name: 'Notice__e',
    label: 'Notice',
    prefix: 'e01',
    updateable: false,
    fields: [{ name: 'Text__c', type: 'string', updateable: false }],
  },
];

/** The list of objects, as `/sobjects` answers it. */
export const listObjects = (): unknown => ({
  encoding: 'UTF-8',
  maxBatchSize: 200,
  sobjects: [
    ...fakeObjects.map(({ name, label, updateable = true }) => ({
      name,
      label,
      labelPlural: `${label}s`,
      createable: true,
      updateable,
      deletable: updateable,
      queryable: updateable,
      deprecatedAndHidden: false,
    })),
    { name: 'ApexLog', label: 'Log', labelPlural: 'Logs', createable: false, updateable: false },
  ],
});

/** One object, as `/sobjects/{name}/describe` answers it. */
export const describeObject = ({ name, label, fields }: FakeObject): unknown => ({
  name,
  label,
  fields: fields.map((field) => ({
    name: field.name,
    label: field.reference ? `${field.reference.name.replace('__r', '')} ID` : field.name.replace('__c', ''),
    type: field.type,
    length: field.length ?? 0,
    createable: field.createable ?? true,
    updateable: field.updateable ?? true,
    nillable: field.required !== true,
    defaultedOnCreate: field.type === 'boolean',
    externalId: field.externalId ?? false,
    idLookup: field.idLookup ?? field.externalId ?? false,
    unique: field.externalId ?? false,
    restrictedPicklist: field.picklist !== undefined,
    picklistValues: (field.picklist ?? []).map((value) => ({ value, label: value, active: true })),
    referenceTo: field.reference?.to ?? [],
    relationshipName: field.reference?.name ?? null,
  })),
});
