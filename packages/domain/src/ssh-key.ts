/** The key that a workspace signs in with at SSH servers. Its private half is shown to nobody. */
export interface SshKeyView {
  /** One line, as it stands in `authorized_keys`. */
  publicKey: string;
  /** `SHA256:…`, as `ssh-keygen -l` shows it. */
  fingerprint: string;
  createdAt: Date;
  /** The line of the key before, which is taken until the next rotation; `null` = there was none. */
  previousPublicKey: string | null;
}
