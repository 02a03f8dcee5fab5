import { SluiceError } from '@sluice/domain/error';

/** The SluiceError that the work ends with; any other end fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<SluiceError> {
  try {
    await work;
  } catch (err) {
    if (err instanceof SluiceError) return err;
    throw err;
  }
  throw new Error('expected a SluiceError, and the work succeeded');
}
