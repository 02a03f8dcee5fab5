import type { ChangeClass } from './change.ts';

/**
 * A field of a connector's configuration, as data: the form, the API's validation, the documentation and the
 * redaction of secrets are all made from it.
 */
export interface ConfigField {
  readonly name: string;
  readonly label: string;
  readonly kind:
    | 'text'
    | 'number'
    | 'password'
    | 'textarea'
    | 'select'
    | 'checkbox'
    | 'headers'
    // The number of a grant: access by signing in at the vendor.
    | 'grant'
    // Liquid over the row: of an object's options only.
    | 'template';
  /** One or two sentences beside the field. */
  readonly help: string;
  readonly placeholder?: string;
  /** Sealed at rest, never shown again, redacted from anything captured. */
  readonly secret: boolean;
  readonly required: boolean;
  readonly default?: string | number | boolean;
  readonly options?: readonly FieldOption[];
  /** Of an object's options: asked only while rows of this class are sent. */
  readonly forClass?: ChangeClass;
  /** Shown only while another field has one of these values. */
  readonly visibleWhen?: { readonly field: string; readonly values: readonly (string | boolean)[] };
  /** Changing this field demands the secrets again, so that they cannot be sent to another host. */
  readonly guardsSecrets?: boolean;
  /** Shown with the public SSH key of the workspace, for whoever lets it in. */
  readonly showsWorkspaceKey?: boolean;
  /** Another value means another system: what was written before is not there. */
  readonly namesPlace?: boolean;
}

export interface FieldOption {
  readonly value: string;
  readonly label: string;
  readonly help?: string;
  /**
   * SQL that an administrator of the other system runs before this can be chosen; shown to be copied. `{name}` stands for
   * the value of another field, written as an SQL name in double quotes, or in `nameQuote`.
   */
  readonly statements?: string;
  readonly nameQuote?: '`';
}

/** An option's statements with the values of a form, `null` while one of them is missing. */
export function statementsFor(option: FieldOption, values: Readonly<Record<string, unknown>>): string | null {
  if (option.statements === undefined) return null;
  const names = [...option.statements.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if (names.some((name) => typeof values[name] !== 'string' || values[name].trim() === '')) return null;
  const { nameQuote: quote = '"' } = option;
  return option.statements.replace(
    /\{(\w+)\}/g,
    (_, name: string) =>
      `${quote}${String(values[name])
        .trim()
        .replaceAll(quote, quote + quote)}${quote}`,
  );
}

/** A header of an HTTP destination. `value` of a secret one is sealed and never read back. */
export interface HeaderSetting {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** What stands in for a secret that is set: forms send it back to keep the secret as it is. */
export const secretSet = '••••••••';
