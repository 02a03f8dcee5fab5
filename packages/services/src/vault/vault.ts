/** Where a secret lives. Part of the ciphertext's associated data: moved anywhere else, it does not open. */
export interface SecretRef {
  readonly workspaceId: number;
  readonly table:
    | 'sources'
    | 'destinations'
    | 'webhook_endpoints'
    | 'oauth_grants'
    | 'dbt_projects'
    | 'ssh_keys';
  readonly recordId: number;
  readonly field: string;
}

/** Seals and opens the secrets of connections. The only holder of keys. */
export interface Vault {
  /** Text `v1.kid.iv.ct.tag`; a new random IV each time. */
  seal(ref: SecretRef, plain: string): Promise<string>;
  /** Throws `internal` when the text was sealed for another place, was changed, or its key is gone. */
  open(ref: SecretRef, sealed: string): Promise<string>;
}
