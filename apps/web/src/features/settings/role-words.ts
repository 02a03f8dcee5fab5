import type { Role, TokenScope } from '@sluice/domain/permission';

/** What each role may do, for lists and choices. */
export const roleWords: Record<Role, { label: string; help: string }> = {
  viewer: { label: 'Viewer', help: 'Sees configuration and runs, not the rows.' },
  editor: { label: 'Editor', help: 'Changes sources, models, destinations and syncs, and runs them.' },
  admin: { label: 'Admin', help: 'Also manages members, API tokens and the workspace.' },
};

/** What an API token of each scope may do. Each includes the ones before it. */
export const scopeWords: Record<TokenScope, { label: string; help: string }> = {
  read: { label: 'Read', help: 'Reads configuration and runs.' },
  trigger: { label: 'Trigger', help: 'Also starts and cancels runs. Enough for orchestrators.' },
  write: { label: 'Write', help: 'Also changes sources, models, destinations and syncs, and reads rows.' },
  admin: { label: 'Admin', help: 'Also reads members and the audit log, and changes the workspace.' },
};

export const roleOptions = (Object.keys(roleWords) as Role[]).map((role) => ({
  value: role,
  ...roleWords[role],
}));

export const scopeOptions = (Object.keys(scopeWords) as TokenScope[]).map((scope) => ({
  value: scope,
  ...scopeWords[scope],
}));
