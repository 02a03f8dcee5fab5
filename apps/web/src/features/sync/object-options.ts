import type { ConfigField } from '@sluice/domain/field';
import { initialValues, visibleFields } from '#features/connector/connection-values.ts';
import type { SyncDraft } from './sync-draft.ts';

/** The options that apply to a draft: those of classes that are not sent, or whose condition fails, are left out. */
export function shownOptions(
  fields: readonly ConfigField[],
  draft: Pick<SyncDraft, 'options' | 'triggers'>,
): ConfigField[] {
  return visibleFields(fields, initialValues(fields, draft.options)).filter(
    ({ forClass }) => forClass === undefined || draft.triggers.includes(forClass),
  );
}

/** Option → what is wrong with it. The connector checks again, and more. */
export function optionProblems(
  fields: readonly ConfigField[],
  draft: Pick<SyncDraft, 'options' | 'triggers'>,
): Record<string, string> {
  const values = initialValues(fields, draft.options);
  const missing = shownOptions(fields, draft).filter(({ name, required, kind }) => {
    const value = values[name];
    return required && kind !== 'checkbox' && (value === '' || value === null || value === undefined);
  });
  return Object.fromEntries(missing.map(({ name, label }) => [name, `${label} is missing.`]));
}
