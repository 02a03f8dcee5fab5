import type { TestResources } from '@sluice/services/testing/create-test-resources';

/** The ids a call uses, as a stranger sees them: their own ones, and those of the workspace they try to reach. */
export interface CallIds {
  readonly own: TestResources;
  readonly foreign: TestResources & { readonly userId: number };
}

/**
 * How to call a procedure. `reach`: inputs that name something of another workspace, one for each id that a stranger
 * could try; all must be refused. `plain`: an input without anything foreign.
 */
export interface ProcedureCalls {
  readonly plain?: (ids: CallIds) => unknown;
  readonly reach?: readonly ((ids: CallIds) => unknown)[];
  /** What the refusal of a foreign id is called, where it is not `not_found`. */
  readonly refusal?: 'input_invalid';
}

const query = { queryType: 'raw_sql', sql: 'select 1 as id' } as const;
const configuration = { object: 'public.t', mode: 'insert' } as const;
const draft = { type: 'no-such-type', configuration: {} };
const byId = (
  name: Exclude<keyof TestResources, 'syncSlug' | 'tokenSecret'>,
  extra: object = {},
): ProcedureCalls => ({
  reach: [({ foreign }) => ({ id: foreign[name], ...extra })],
});
const ofRun = (extra: object = {}): ProcedureCalls => ({
  reach: [({ foreign }) => ({ runId: foreign.runId, ...extra })],
});
const connection = (name: 'sourceId' | 'destinationId') => ({
  list: {},
  get: byId(name),
  create: { plain: () => ({ name: 'n', ...draft }) },
  update: byId(name, { name: 'taken over' }),
  remove: byId(name),
  check: {
    plain: () => draft,
    reach: [({ foreign }: CallIds) => ({ id: foreign[name], type: 'postgresql', configuration: {} })],
  },
});
const drafts = (extra: object = {}): ProcedureCalls => ({
  reach: [
    ({ own, foreign }) => ({
      modelId: foreign.modelId,
      destinationId: own.destinationId,
      configuration,
      ...extra,
    }),
    ({ own, foreign }) => ({
      modelId: own.modelId,
      destinationId: foreign.destinationId,
      configuration,
      ...extra,
    }),
    ({ own, foreign }) => ({
      id: foreign.syncId,
      modelId: own.modelId,
      destinationId: own.destinationId,
      configuration,
      ...extra,
    }),
  ],
});

/** Every procedure of the console's API. One that is missing here fails the access test. */
export const procedureInputs: Record<string, Record<string, ProcedureCalls>> = {
  account: {
    get: {},
    signUp: { plain: () => ({ name: 'n', email: 'n@example.com', password: 'a b c d e f g' }) },
    update: { plain: () => ({ name: 'Renamed' }) },
    changePassword: { plain: () => ({ current: 'wrong', next: 'a b c d e f g' }) },
    endOtherSessions: {},
  },
  audit: { list: { plain: () => ({}) } },
  connector: { sources: {}, destinations: {} },
  dbtProject: {
    list: {
      plain: () => ({}),
    },
    get: byId('dbtProjectId'),
    create: { reach: [({ foreign }) => ({ name: 'n', sourceId: foreign.sourceId })] },
    update: byId('dbtProjectId', { name: 'taken over' }),
    remove: byId('dbtProjectId'),
    nodes: { reach: [({ foreign }) => ({ projectId: foreign.dbtProjectId })] },
    refresh: byId('dbtProjectId'),
  },
  destination: {
    ...connection('destinationId'),
    effectOf: byId('destinationId', { configuration: {} }),
    objects: byId('destinationId'),
    object: byId('destinationId', { object: 'public.t' }),
  },
  grant: { start: { plain: () => ({ connector: 'no-such-connector' }) }, get: byId('grantId') },
  invitation: {
    list: {},
    create: { plain: () => ({ role: 'viewer' }) },
    revoke: byId('invitationId'),
    get: { plain: () => ({ token: 'nonsense' }) },
    accept: { plain: () => ({ token: 'nonsense' }) },
  },
  member: {
    list: {},
    update: { reach: [({ foreign }) => ({ userId: foreign.userId, role: 'viewer' })] },
    remove: { reach: [({ foreign }) => ({ userId: foreign.userId })] },
  },
  model: {
    list: {},
    get: byId('modelId'),
    create: {
      reach: [
        ({ foreign }) => ({
          name: 'n',
          sourceId: foreign.sourceId,
          query,
          primaryKey: 'id',
          skipColumnQuery: true,
        }),
        ({ own, foreign }) => ({
          name: 'n',
          sourceId: own.sourceId,
          query: { queryType: 'dbt', dbtProjectId: foreign.dbtProjectId, uniqueId: 'model.shop.customers' },
          primaryKey: 'id',
          skipColumnQuery: true,
        }),
      ],
    },
    update: byId('modelId', { name: 'taken over' }),
    remove: byId('modelId'),
    preview: { reach: [({ foreign }) => ({ sourceId: foreign.sourceId, query })] },
    estimate: { reach: [({ foreign }) => ({ sourceId: foreign.sourceId, query })] },
    inspectKey: { reach: [({ foreign }) => ({ sourceId: foreign.sourceId, query, column: 'id' })] },
    impact: byId('modelId', { query }),
  },
  run: {
    list: {
      plain: () => ({}),
    },
    get: byId('runId'),
    cancel: byId('runId'),
    rows: ofRun(),
    row: ofRun({ seq: 1 }),
    history: { reach: [({ foreign }) => ({ key: 'a', syncId: foreign.syncId })] },
    reasons: ofRun(),
    allow: byId('runId'),
    replay: ofRun({ rows: { which: 'failed' } }),
    previewReplay: ofRun({ rows: { which: 'failed' } }),
    revert: ofRun(),
    previewRevert: ofRun(),
    events: ofRun(),
    follow: ofRun(),
  },
  schedule: {
    preview: {
      plain: () => ({
        schedule: { type: 'interval', schedule: { interval: { unit: 'hour', quantity: 1 } } },
      }),
    },
  },
  sequence: {
    list: {},
    get: byId('sequenceId'),
    create: { reach: [({ foreign }) => ({ name: 'n', steps: [{ syncId: foreign.syncId }] })] },
    update: {
      reach: [
        ({ foreign }) => ({ id: foreign.sequenceId, name: 'taken over' }),
        ({ own, foreign }) => ({ id: own.sequenceId, steps: [{ syncId: foreign.syncId }] }),
      ],
    },
    remove: byId('sequenceId'),
    trigger: byId('sequenceId'),
    runs: { reach: [({ foreign }) => ({ sequenceId: foreign.sequenceId })] },
    run: byId('sequenceRunId'),
    cancel: byId('sequenceRunId'),
  },
  source: {
    ...connection('sourceId'),
    schema: byId('sourceId'),
    table: byId('sourceId', { schema: 'main', name: 'users' }),
    searchColumns: byId('sourceId', { search: 'email' }),
    removePlannerTables: byId('sourceId'),
  },
  sshKey: { get: {}, rotate: {} },
  sync: {
    list: {},
    get: byId('syncId'),
    create: { reach: drafts().reach?.slice(0, 2) ?? [] },
    update: byId('syncId', { disabled: true }),
    remove: byId('syncId'),
    suggestMappings: {
      reach: [
        ({ own, foreign }) => ({
          modelId: foreign.modelId,
          destinationId: own.destinationId,
          object: 'public.t',
        }),
        ({ own, foreign }) => ({
          modelId: own.modelId,
          destinationId: foreign.destinationId,
          object: 'public.t',
        }),
      ],
    },
    // Previews compare with no saved sync: its id is not read.
    previewRows: { reach: drafts().reach?.slice(0, 2) ?? [] },
    testRow: drafts(),
    dryRun: drafts(),
    followDryRun: { plain: () => ({ watch: '6f1c2f9e-7f55-4c3a-9a39-4b8d5f0c2a11' }) },
    dryRunRows: { reach: [({ foreign }) => ({ id: foreign.dryRunId })] },
    effectOf: byId('syncId', { configuration }),
    doubts: byId('syncId'),
    decideDoubts: byId('syncId', { decision: 'arrived', keys: null }),
    trigger: byId('syncId'),
    pause: byId('syncId'),
    resume: byId('syncId'),
    missed: byId('syncId'),
  },
  token: {
    list: {},
    create: {
      plain: () => ({ name: 'n', scope: 'read' }),
      reach: [({ foreign }) => ({ name: 'n', scope: 'read', syncIds: [foreign.syncId] })],
      refusal: 'input_invalid',
    },
    rotate: byId('tokenId'),
    revoke: byId('tokenId'),
  },
  webhook: {
    list: {},
    create: { plain: () => ({ name: 'n', url: 'https://127.0.0.1/hook', events: ['run.failed'] }) },
    update: byId('webhookId', { disabled: true }),
    remove: byId('webhookId'),
    rotate: byId('webhookId'),
    test: byId('webhookId'),
    deliveries: { reach: [({ foreign }) => ({ webhookId: foreign.webhookId })] },
    resend: {
      reach: [
        ({ foreign }) => ({ webhookId: foreign.webhookId, id: foreign.deliveryId }),
        ({ own, foreign }) => ({ webhookId: own.webhookId, id: foreign.deliveryId }),
      ],
    },
  },
  workspace: {
    get: {},
    create: { plain: () => ({ name: 'Another' }) },
    update: { plain: () => ({ name: 'Renamed' }) },
    overview: {},
  },
};
