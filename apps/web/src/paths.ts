/** Addresses outside a workspace. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  invite: (token: string) => `/invite/${encodeURIComponent(token)}`,
  apiDocs: '/api/v1/openapi.json',
} as const;

/** Every address inside a workspace. Screens never build one by hand. */
export function workspacePaths(slug: string) {
  const root = `/${slug}`;
  return {
    start: root,
    sources: {
      list: `${root}/sources`,
      new: `${root}/sources/new`,
      newOf: (type: string) => `${root}/sources/new/${type}`,
      detail: (id: number) => `${root}/sources/${id}`,
      dbt: (id: number, projectId: number) => `${root}/sources/${id}/dbt/${projectId}`,
    },
    models: {
      list: `${root}/models`,
      new: `${root}/models/new`,
      newFrom: (sourceId: number) => `${root}/models/new?source=${sourceId}`,
      detail: (id: number) => `${root}/models/${id}`,
    },
    destinations: {
      list: `${root}/destinations`,
      new: `${root}/destinations/new`,
      newOf: (type: string) => `${root}/destinations/new/${type}`,
      detail: (id: number) => `${root}/destinations/${id}`,
    },
    syncs: {
      list: `${root}/syncs`,
      new: `${root}/syncs/new`,
      newFrom: (choice: { modelId?: number; destinationId?: number }) =>
        `${root}/syncs/new?${new URLSearchParams({
          ...(choice.modelId !== undefined && { model: String(choice.modelId) }),
          ...(choice.destinationId !== undefined && { destination: String(choice.destinationId) }),
        })}`,
      detail: (id: number) => `${root}/syncs/${id}`,
      tab: (id: number, tab: 'configuration' | 'schedule' | 'doubts') => `${root}/syncs/${id}/${tab}`,
    },
    sequences: {
      list: `${root}/sequences`,
      new: `${root}/sequences/new`,
      detail: (id: string) => `${root}/sequences/${id}`,
      run: (id: string, runId: string) => `${root}/sequences/${id}?run=${runId}`,
      edit: (id: string) => `${root}/sequences/${id}?tab=edit`,
    },
    runs: {
      list: `${root}/runs`,
      detail: (id: number) => `${root}/runs/${id}`,
      tab: (id: number, tab: 'rows' | 'rejected' | 'logs') => `${root}/runs/${id}/${tab}`,
      rejectedCsv: (id: number) => `/api/console/runs/${id}/rejected.csv?workspace=${slug}`,
    },
    dbtManifest: (projectId: number, apply: boolean) =>
      `/api/console/dbt-projects/${projectId}/manifest?workspace=${slug}&apply=${apply}`,
    rows: (find: { key?: string; syncId?: number } = {}) => {
      const query = new URLSearchParams({
        ...(find.key !== undefined && { key: find.key }),
        ...(find.syncId !== undefined && { sync: String(find.syncId) }),
      }).toString();
      return query === '' ? `${root}/rows` : `${root}/rows?${query}`;
    },
    settings: {
      general: `${root}/settings`,
      members: `${root}/settings/members`,
      tokens: `${root}/settings/tokens`,
      webhooks: `${root}/settings/webhooks`,
      api: `${root}/settings/api`,
      audit: `${root}/settings/audit`,
      account: `${root}/settings/account`,
    },
  } as const;
}

export type WorkspacePaths = ReturnType<typeof workspacePaths>;

/** A path to go to after signing in: only one of this very site, anything else becomes the start page. */
export function safeReturnPath(value: string | null | undefined): string {
  if (!value?.startsWith('/') || /^\/[/\\]/.test(value) || /[\p{Cc}\\]/u.test(value)) return paths.home;
  return value;
}
