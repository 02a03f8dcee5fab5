import { SluiceError } from '@sluice/domain/error';

/** `input_invalid` at `type`: there is no connector of this name. */
export function unknownType(noun: string, type: string, known: readonly string[]): SluiceError {
  const message = `There is no ${noun} of type "${type}".`;
  return new SluiceError('input_invalid', message, {
    fields: { type: message },
    fix: `Use one of: ${[...known].sort().join(', ')}.`,
  });
}
