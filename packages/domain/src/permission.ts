/** Roles of a workspace, weakest first. */
export const roles = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * What an actor may do, and the weakest role that may do it. `self` needs a signed-in person but no workspace;
 * `public` needs nobody at all. Every procedure and route names exactly one.
 */
export const permissions = {
  'workspace.read': 'viewer',
  'workspace.manage': 'admin',
  'member.read': 'viewer',
  'member.manage': 'admin',
  'token.manage': 'admin',
  'webhook.manage': 'admin',
  'audit.read': 'admin',
  'catalog.read': 'viewer',
  'source.read': 'viewer',
  'source.write': 'editor',
  'model.read': 'viewer',
  'model.preview': 'editor',
  'model.write': 'editor',
  'destination.read': 'viewer',
  'destination.write': 'editor',
  'sync.read': 'viewer',
  'sync.write': 'editor',
  'sync.trigger': 'editor',
  'run.read': 'viewer',
  'run.rows': 'editor',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof permissions;

/** What an API token may do: each scope includes the ones before it. */
export const tokenScopes = ['read', 'trigger', 'write', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

const scopePermissions: Record<TokenScope, readonly Permission[]> = {
  read: [
    'workspace.read',
    'catalog.read',
    'source.read',
    'model.read',
    'destination.read',
    'sync.read',
    'run.read',
  ],
  trigger: ['sync.trigger'],
  write: ['source.write', 'model.preview', 'model.write', 'destination.write', 'sync.write', 'run.rows'],
  admin: ['member.read', 'audit.read', 'workspace.manage', 'webhook.manage'],
};

/** The permissions of a role. */
export function permissionsOfRole(role: Role): ReadonlySet<Permission> {
  const rank = roles.indexOf(role);
  const names = Object.keys(permissions) as Permission[];
  return new Set(names.filter((name) => roles.indexOf(permissions[name]) <= rank));
}

/** The permissions of a token's scope. Tokens never manage members or other tokens. */
export function permissionsOfScope(scope: TokenScope): ReadonlySet<Permission> {
  const included = tokenScopes.slice(0, tokenScopes.indexOf(scope) + 1);
  return new Set(included.flatMap((name) => scopePermissions[name]));
}
