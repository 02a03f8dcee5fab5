/** Kinds of entries to filter by. */
export const auditNouns = [
  { value: 'all', label: 'Everything' },
  { value: 'source', label: 'Sources' },
  { value: 'model', label: 'Models' },
  { value: 'destination', label: 'Destinations' },
  { value: 'sync', label: 'Syncs' },
  { value: 'sequence', label: 'Sequences' },
  { value: 'run', label: 'Runs' },
  { value: 'member', label: 'Members' },
  { value: 'invitation', label: 'Invitations' },
  { value: 'token', label: 'API tokens' },
  { value: 'webhook', label: 'Webhooks' },
  { value: 'grant', label: 'Access at vendors' },
  { value: 'ssh_key', label: 'SSH key' },
  { value: 'workspace', label: 'Workspace' },
  { value: 'account', label: 'Accounts' },
];

const verbs: Record<string, string> = {
  create: 'Created',
  update: 'Changed',
  remove: 'Removed',
  revoke: 'Revoked',
  rotate: 'Gave a new secret to',
  join: 'Joined as',
  trigger: 'Triggered',
  cancel: 'Cancelled',
  test_row: 'Tested a row of',
};

const whole: Record<string, string> = {
  'ssh_key.rotate': 'Rotated',
  'account.change-password': 'Changed the password of',
  'account.end-other-sessions': 'Ended other sessions of',
  'member.join': 'Joined:',
};

/** `source.update` is "Changed source". An action that is not known shows as it is. */
export function actionText(action: string): string {
  const [noun = '', verb = ''] = action.split('.');
  const known = verbs[verb];
  return whole[action] ?? (known ? `${known} ${noun === 'token' ? 'API token' : noun}` : action);
}
