import type { Column, ColumnType } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import { describe, expect, it } from 'vitest';
import { matchNames } from './match-names.ts';

const column = (name: string, type: ColumnType = 'string'): Column => ({ name, type, nativeType: type });
const field = (name: string, type: DestinationField['type'] = 'string', label = name): DestinationField => ({
  name,
  label,
  type,
  nativeType: type,
  required: false,
  readOnly: false,
  matchable: false,
});

const pairs = (columns: Column[], fields: DestinationField[], nouns: string[] = []) =>
  matchNames(columns, fields, nouns).map(({ from, to, reason }) => `${from}>${to} ${reason}`);

describe('matchNames', () => {
  it('prefers the same name over a similar one, and uses each once', () => {
    expect(pairs([column('Email'), column('email')], [field('EMAIL'), field('email')])).toEqual([
      'Email>EMAIL similar',
      'email>email exact',
    ]);
  });

  it('sees through case, separators and suffixes of custom fields', () => {
    expect(
      pairs(
        [column('first_name'), column('lifetimeValue', 'decimal'), column('plan')],
        [field('firstName'), field('LIFETIME_VALUE', 'number'), field('Plan__c')],
      ),
    ).toEqual([
      'first_name>firstName similar',
      'lifetimeValue>LIFETIME_VALUE similar',
      'plan>Plan__c similar',
    ]);
  });

  it('drops a prefix that names the row or that most columns share', () => {
    expect(pairs([column('user_email')], [field('email')], ['Users'])).toEqual(['user_email>email similar']);
    expect(pairs([column('user_email')], [field('email')], ['Orders'])).toEqual([]);
    expect(
      pairs([column('u_email'), column('u_city'), column('u_id')], [field('city'), field('email')]),
    ).toEqual(['u_city>city similar', 'u_email>email similar']);
  });

  it('knows when an event happened, whatever it is called', () => {
    const times = (from: string, to: string) => pairs([column(from, 'timestamp')], [field(to, 'datetime')]);
    expect(times('occurred_at', 'time')).toEqual(['occurred_at>time similar']);
    expect(times('timestamp', 'event_time')).toEqual(['timestamp>event_time similar']);
    expect(times('created_at', 'event_time')).toEqual([]);
  });

  it('never takes a foreign id for the id', () => {
    expect(pairs([column('user_id')], [field('id')], ['Users'])).toEqual([]);
  });

  it('never takes an id of the customer for one that the destination gives out', () => {
    expect(pairs([column('id')], [{ ...field('id'), givenOut: true }])).toEqual([]);
    expect(pairs([column('id')], [{ ...field('id'), givenOut: true }, field('ID')])).toEqual([
      'id>ID similar',
    ]);
  });

  it('knows usual other words, and looks at labels last', () => {
    expect(pairs([column('surname'), column('zip')], [field('last_name'), field('postal_code')])).toEqual([
      'surname>last_name similar',
      'zip>postal_code similar',
    ]);
    expect(pairs([column('plan_name')], [field('cf_17', 'string', 'Plan name')])).toEqual([
      'plan_name>cf_17 similar',
    ]);
  });

  it('does not pair types that cannot hold each other', () => {
    expect(pairs([column('created_at', 'boolean')], [field('created_at', 'datetime')])).toEqual([]);
    expect(pairs([column('total', 'integer')], [field('total', 'string')])).toEqual(['total>total exact']);
    expect(pairs([column('age')], [field('age', 'number')])).toEqual([]);
  });
});
