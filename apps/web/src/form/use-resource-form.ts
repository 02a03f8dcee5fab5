'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { type BaseSyntheticEvent, useState } from 'react';
import {
  type DefaultValues,
  type FieldPath,
  type FieldValues,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import type { z } from 'zod';
import { type ShownError, shownError } from '#trpc/error.ts';

export interface ResourceForm<Input extends FieldValues, Output> {
  form: UseFormReturn<Input, unknown, Output>;
  /** For `<form onSubmit>`. */
  onSubmit: (event?: BaseSyntheticEvent) => Promise<void>;
  /** What went wrong with the whole form; messages of single fields stand at the fields. */
  submitError: ShownError | null;
  submitting: boolean;
}

/**
 * A form over the same schema that the API checks. On submit the first wrong field gets the focus; fields that the
 * server names (`configuration.host`) get their message, everything else becomes `submitError`.
 */
export function useResourceForm<Input extends FieldValues, Output>(options: {
  schema: z.ZodType<Output, Input>;
  defaultValues: DefaultValues<Input>;
  /** Sends it. Whatever it throws is shown. */
  submit: (values: Output) => Promise<unknown>;
}): ResourceForm<Input, Output> {
  const [submitError, setSubmitError] = useState<ShownError | null>(null);
  const form = useForm<Input, unknown, Output>({
    resolver: zodResolver(options.schema),
    defaultValues: options.defaultValues,
    mode: 'onSubmit',
    reValidateMode: 'onChange',
  });
  const onSubmit = form.handleSubmit(async (values) => {
    setSubmitError(null);
    try {
      await options.submit(values);
    } catch (thrown) {
      setSubmitError(placeError(form, shownError(thrown)));
    }
  });
  return { form, onSubmit, submitError, submitting: form.formState.isSubmitting };
}

/** Puts messages at the fields that exist; answers the error for the whole form, or null if every part found a place. */
function placeError<Input extends FieldValues, Output>(
  form: UseFormReturn<Input, unknown, Output>,
  error: ShownError,
): ShownError | null {
  const values = form.getValues();
  const unplaced: Record<string, string> = {};
  let placed = 0;
  for (const [path, message] of Object.entries(error.fields ?? {})) {
    const root = path.split('.')[0] ?? path;
    if (!(root in values)) unplaced[path] = message;
    else {
      form.setError(path as FieldPath<Input>, { type: 'server', message }, { shouldFocus: placed === 0 });
      placed += 1;
    }
  }
  if (placed > 0 && Object.keys(unplaced).length === 0) return null;
  return { ...error, ...(error.fields && { fields: unplaced }) };
}
