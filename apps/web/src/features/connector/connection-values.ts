import { type ConfigField, type HeaderSetting, secretSet } from '@sluice/domain/field';

/** What a person has typed into the fields of a connector; text, numbers, booleans and header lists. */
export type ConnectionValues = Record<string, unknown>;

/** The values a form starts with: saved ones, else the field's default, else empty. */
export function initialValues(
  fields: readonly ConfigField[],
  saved: ConnectionValues = {},
): ConnectionValues {
  return Object.fromEntries(
    fields.map((field) => [field.name, saved[field.name] ?? field.default ?? emptyValue(field)]),
  );
}

/** The fields that apply to the values, in order: `visibleWhen` hides the others. */
export function visibleFields(fields: readonly ConfigField[], values: ConnectionValues): ConfigField[] {
  return fields.filter(({ visibleWhen }) => {
    if (!visibleWhen) return true;
    const other = values[visibleWhen.field];
    return visibleWhen.values.some((value) => value === other || String(value) === String(other ?? ''));
  });
}

export interface FieldGroup {
  /** The field that these belong to: they are shown because of its value. */
  readonly under: string | null;
  readonly fields: ConfigField[];
}

/** The fields that are shown, in order; those that stand right below the field they belong to are a group of their own. */
export function fieldGroups(shown: readonly ConfigField[]): FieldGroup[] {
  const groups: FieldGroup[] = [];
  for (const field of shown) {
    const last = groups.at(-1);
    const owner = field.visibleWhen?.field ?? null;
    const isBelow = owner !== null && (last?.under === owner || last?.fields.at(-1)?.name === owner);
    const under = isBelow ? owner : null;
    if (last && last.under === under) last.fields.push(field);
    else groups.push({ under, fields: [field] });
  }
  return groups;
}

/** What the API gets: visible fields only, numbers as numbers, empty optional fields left out. */
export function configurationOf(fields: readonly ConfigField[], values: ConnectionValues): ConnectionValues {
  const entries = visibleFields(fields, values).flatMap((field): [string, unknown][] => {
    const value = values[field.name];
    if (field.kind === 'headers') return [[field.name, filledHeaders(value)]];
    if (field.kind === 'checkbox') return [[field.name, value === true]];
    if (value === undefined || value === null || value === '') return [];
    if (field.kind === 'number' || field.kind === 'grant') return [[field.name, Number(value)]];
    return [[field.name, value]];
  });
  return Object.fromEntries(entries);
}

/**
 * Field name → what is wrong with it, for the fields that are shown. `saved` is the configuration as it was read:
 * when a field that guards secrets differs from it, secrets that are only "set" must be typed again.
 */
export function connectionProblems(
  fields: readonly ConfigField[],
  values: ConnectionValues,
  saved?: ConnectionValues,
): Record<string, string> {
  const shown = visibleFields(fields, values);
  const moved = saved
    ? shown.find((field) => field.guardsSecrets && differs(field, values, saved))
    : undefined;
  const problems: Record<string, string> = {};
  for (const field of shown) {
    const problem =
      fieldProblem(field, values[field.name]) ??
      (moved && kept(field, values[field.name], saved?.[field.name], moved));
    if (problem) problems[field.name] = problem;
  }
  return problems;
}

function fieldProblem(field: ConfigField, value: unknown): string | null {
  if (field.kind === 'headers') return headersProblem(value);
  const empty = value === undefined || value === null || value === '';
  if (empty) return field.required && field.kind !== 'checkbox' ? `${field.label} is missing.` : null;
  if (field.kind === 'number' && !Number.isFinite(Number(value))) return `${field.label} must be a number.`;
  return null;
}

function headersProblem(value: unknown): string | null {
  const headers = filledHeaders(value);
  const nameless = headers.find((header) => header.name.trim() === '');
  if (nameless) return 'A header has a value but no name.';
  const illegal = headers.find((header) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header.name.trim()));
  if (illegal) return `"${illegal.name}" cannot be the name of a header: use letters, digits and hyphens.`;
  const names = headers.map((header) => header.name.trim().toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice ? `The header "${twice}" is there twice.` : null;
}

function kept(field: ConfigField, value: unknown, before: unknown, moved: ConfigField): string | null {
  if (field.kind === 'grant' && value === before) {
    return `${moved.label} has changed. Connect again, so that the access is not used at an address it was not meant for.`;
  }
  const isKept =
    field.kind === 'headers'
      ? headersOf(value).some((header) => header.secret && header.value === secretSet)
      : field.secret && value === secretSet;
  if (!isKept) return null;
  return `${moved.label} has changed. Enter ${field.label.toLowerCase()} again, so that it is not sent to an address it was not meant for.`;
}

function differs(field: ConfigField, values: ConnectionValues, saved: ConnectionValues): boolean {
  // What was saved before the field existed means its default.
  return String(values[field.name] ?? '') !== String(saved[field.name] ?? field.default ?? '');
}

/** The value of a headers field; anything else is an empty list. */
export function headersOf(value: unknown): HeaderSetting[] {
  return Array.isArray(value) ? (value as HeaderSetting[]) : [];
}

function filledHeaders(value: unknown): HeaderSetting[] {
  return headersOf(value).filter((header) => header.name.trim() !== '' || header.value !== '');
}

function emptyValue(field: ConfigField): unknown {
  if (field.kind === 'headers') return [];
  if (field.kind === 'checkbox') return false;
  return '';
}
