/**
 * A field of a connector's configuration, as data: the form, the API's validation, the documentation and the
 * redaction of secrets are all made from it.
 */
export interface ConfigField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'number' | 'password' | 'textarea' | 'select' | 'checkbox' | 'headers';
  /** One or two sentences beside the field. */
  readonly help: string;
  readonly placeholder?: string;
  /** Sealed at rest, never shown again, redacted from anything captured. */
  readonly secret: boolean;
  readonly required: boolean;
  readonly default?: string | number | boolean;
  readonly options?: readonly { readonly value: string; readonly label: string; readonly help?: string }[];
  /** Shown only while another field has one of these values. */
  readonly visibleWhen?: { readonly field: string; readonly values: readonly (string | boolean)[] };
  /** Changing this field demands the secrets again, so that they cannot be sent to another host. */
  readonly guardsSecrets?: boolean;
  /** Another value means another system: what was written before is not there. */
  readonly namesPlace?: boolean;
}

/** A header of an HTTP destination. `value` of a secret one is sealed and never read back. */
export interface HeaderSetting {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** What stands in for a secret that is set: forms send it back to keep the secret as it is. */
export const secretSet = '••••••••';
