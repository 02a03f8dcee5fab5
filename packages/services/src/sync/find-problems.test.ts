import type { DestinationField, DestinationObjectDetail } from '@sluice/domain/connector';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { describe, expect, it } from 'vitest';
import { findMappingProblems } from './find-mapping-problems.ts';
import { findObjectProblems } from './find-object-problems.ts';

const columns = ['id', 'email', 'name'];

const configuration = (more: Partial<SyncConfigurationInput> = {}): SyncConfiguration =>
  SyncConfiguration.parse({
    object: 'public.contacts',
    mode: 'upsert',
    matchKey: { from: 'email', to: 'email' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
    ...more,
  });

const field = (name: string, more: Partial<DestinationField> = {}): DestinationField => ({
  name,
  label: name,
  type: 'string',
  nativeType: 'text',
  required: false,
  readOnly: false,
  matchable: false,
  ...more,
});

const object: DestinationObjectDetail = {
  id: 'public.contacts',
  label: 'contacts',
  modes: ['upsert', 'insert', 'update'],
  mapping: 'fields',
  deleteBehaviours: ['nothing', 'delete'],
  fields: [
    field('email', { matchable: true, required: true }),
    field('name', { required: true }),
    field('total', { readOnly: true }),
  ],
};

describe('findMappingProblems', () => {
  it('accepts columns, constants, variables and templates', () => {
    const mappings: SyncConfigurationInput['mappings'] = [
      { type: 'column', from: 'name', to: 'a' },
      { type: 'static', value: 1, to: 'b' },
      { type: 'variable', variable: 'run-id', to: 'c' },
      { type: 'template', template: '{{ row.name | upcase }} {{ row["email"] }}', to: 'd' },
      { type: 'column', from: 'email', to: 'email' },
    ];
    expect(findMappingProblems(configuration({ mappings }), columns)).toEqual({});
  });

  it('names each mistake at its path', () => {
    const mappings: SyncConfigurationInput['mappings'] = [
      { type: 'column', from: 'nam', to: 'a' },
      { type: 'static', value: 1, to: 'a' },
      { type: 'template', template: '{{ row.plan }}', to: 'b' },
      { type: 'template', template: '{{ row.name | nothing }}', to: 'c' },
      { type: 'static', value: 'x', to: 'email' },
      { type: 'template', template: '{{ context.sync_id }}', to: 'd' },
      { type: 'template', template: '{{ context.sync-id }}', to: 'e' },
    ];
    const problems = findMappingProblems(
      configuration({ mappings, matchKey: { from: 'mail', to: 'email' } }),
      columns,
    );
    expect(Object.keys(problems)).toEqual([
      'matchKey.from',
      'mappings.0.from',
      'mappings.1.to',
      'mappings.2.template',
      'mappings.3.template',
      'mappings.4.to',
      'mappings.5.template',
    ]);
    expect(problems['mappings.2.template']).toBe('The model has no column "plan".');
  });
});

describe('findObjectProblems', () => {
  it('accepts a sync that fits', () => {
    expect(findObjectProblems(configuration(), object)).toEqual({});
  });

  it('wants required fields where records are created, and only there', () => {
    const mappings: SyncConfigurationInput['mappings'] = [];
    expect(findObjectProblems(configuration({ mappings }), object).mappings).toContain('"name"');
    const update = configuration({ mode: 'update', mappings: [{ type: 'static', value: 'x', to: 'email' }] });
    expect(findObjectProblems(update, object)).toEqual({});
  });

  it('refuses what the object lacks, fills itself, or cannot be found by', () => {
    const wrong = configuration({
      mode: 'mirror',
      matchKey: { from: 'name', to: 'name' },
      mappings: [
        { type: 'column', from: 'email', to: 'email' },
        { type: 'column', from: 'id', to: 'total' },
        { type: 'column', from: 'id', to: 'missing' },
      ],
    });
    expect(Object.keys(findObjectProblems(wrong, object)).sort()).toEqual([
      'mappings.1.to',
      'mappings.2.to',
      'matchKey.to',
      'mode',
    ]);
    expect(findObjectProblems(configuration({ deleteBehaviour: 'clear' }), object)).toHaveProperty(
      'deleteBehaviour',
    );
    expect(findObjectProblems(configuration({ matchKey: null }), object)).toHaveProperty('matchKey');
  });

  it('wants at least one class for requests, and leaves fields to templates', () => {
    const request: DestinationObjectDetail = {
      ...object,
      modes: ['trigger'],
      mapping: 'template',
      fields: [],
    };
    const sync = configuration({ mode: 'trigger', matchKey: null, mappings: [] });
    expect(findObjectProblems(sync, request)).toEqual({});
    expect(findObjectProblems({ ...sync, triggers: [] }, request)).toHaveProperty('triggers');
  });

  it('wants something to be mapped, or all columns, and not both', () => {
    const file: DestinationObjectDetail = {
      ...object,
      modes: ['all'],
      fields: [],
      openFields: true,
      noMatchKey: true,
    };
    const problems = (mappings: SyncConfigurationInput['mappings'], options = {}) =>
      Object.keys(
        findObjectProblems(configuration({ mode: 'all', matchKey: null, mappings, options }), file),
      );
    const mappings = [{ type: 'column', from: 'id', to: 'id' }] as const;
    expect(problems([])).toEqual(['mappings']);
    expect(problems([...mappings])).toEqual([]);
    expect(problems([], { allColumns: true })).toEqual([]);
    expect(problems([...mappings], { allColumns: true })).toEqual(['options.allColumns']);
  });

  it('takes any field of an open object, and no match key where rows are pairs', () => {
    const mappings: SyncConfigurationInput['mappings'] = [
      { type: 'column', from: 'name', to: 'name' },
      { type: 'column', from: 'id', to: 'favourite number' },
    ];
    expect(findObjectProblems(configuration({ mappings }), object)).toHaveProperty(['mappings.1.to']);
    expect(findObjectProblems(configuration({ mappings }), { ...object, openFields: true })).toEqual({});
    const pairs: DestinationObjectDetail = { ...object, modes: ['segment'], noMatchKey: true };
    const both: SyncConfigurationInput['mappings'] = ['email', 'name'].map((name) => ({
      type: 'column',
      from: name,
      to: name,
    }));
    const sync = configuration({ mode: 'segment', matchKey: null, mappings: both });
    expect(findObjectProblems(sync, pairs)).toEqual({});
    expect(findObjectProblems({ ...sync, matchKey: { from: 'email', to: 'email' } }, pairs)).toHaveProperty(
      'matchKey',
    );
  });

  it('needs no mapping where the match key says who a member is', () => {
    const list: DestinationObjectDetail = {
      ...object,
      modes: ['segment', 'remove'],
      fields: object.fields.slice(0, 1),
    };
    for (const mode of ['segment', 'remove'] as const) {
      expect(findObjectProblems(configuration({ mode, mappings: [] }), list)).toEqual({});
    }
  });
});
