import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { describe, expect, it } from 'vitest';
import { compileMappings } from '../map/mapping.ts';
import type { PlannedChange } from '../plan/planned-change.ts';

const variables = {
  'sync-id': 3,
  'sync-slug': 'people',
  'run-id': 9,
  'run-started-at': '2026-01-01T00:00:00.000Z',
  'model-id': 4,
  'model-name': 'People',
};
const change: PlannedChange = {
  seq: 5,
  key: '1',
  class: 'changed',
  sent: true,
  row: { id: 1, mail: 'a@b.c', name: null },
  ledgerValues: { id: 1, mail: 'a@b.c' },
};

function map(configuration: Partial<SyncConfigurationInput>, one: PlannedChange = change) {
  const whole = {
    object: 'o',
    mode: 'mirror',
    matchKey: { from: 'mail', to: 'email' },
    ...configuration,
  } as const;
  return compileMappings(SyncConfiguration.parse(whole), variables)(one);
}

describe('a mapping', () => {
  it('takes columns, fixed values, facts about the run, and templates', () => {
    const result = map({
      mappings: [
        { type: 'column', from: 'id', to: 'number' },
        { type: 'static', value: 'eu', to: 'region' },
        { type: 'variable', variable: 'run-id', to: 'run' },
        { type: 'variable', variable: 'change-class', to: 'why' },
        { type: 'template', template: '{{ row.mail | upcase }} {{ context.sync-slug }}', to: 'text' },
      ],
    });
    expect(result).toEqual({
      record: {
        seq: 5,
        key: '1',
        class: 'changed',
        operation: 'upsert',
        matchValue: 'a@b.c',
        fields: { number: 1, region: 'eu', run: 9, why: 'changed', text: 'A@B.C people' },
        row: change.row,
      },
    });
  });

  it('sends NULL or leaves the field out, as its policy says', () => {
    const result = map({
      mappings: [
        { type: 'column', from: 'name', to: 'sent' },
        { type: 'column', from: 'name', to: 'left_out', nulls: 'skip' },
      ],
    });
    expect(result).toMatchObject({ record: { fields: { sent: null } } });
    expect('record' in result && Object.keys(result.record.fields)).toEqual(['sent']);
  });

  it('needs a match value', () => {
    expect(map({ matchKey: { from: 'name', to: 'n' } })).toMatchObject({
      rejected: { code: 'match_key_null' },
    });
    expect(map({ matchKey: { from: 'gone', to: 'n' } })).toMatchObject({
      rejected: { code: 'match_value_unknown' },
    });
  });

  it('names the field whose template fails', () => {
    expect(map({ mappings: [{ type: 'template', template: '{{ row.nope }}', to: 'text' }] })).toEqual({
      rejected: {
        code: 'template_invalid',
        message: 'Mapping of "text": The template uses the column "nope", which the row does not have.',
      },
    });
  });

  it('gives removed rows their match value and no fields', () => {
    const removed: PlannedChange = { ...change, class: 'removed', row: { id: 1, mail: 'a@b.c' } };
    expect(map({ mappings: [{ type: 'column', from: 'name', to: 'n' }] }, removed)).toMatchObject({
      record: { operation: 'delete', matchValue: 'a@b.c', fields: {} },
    });
  });
});
