const attemptsMax = 6;

/**
 * Repeats a transaction that PostgreSQL rolled back because it and another waited for each other (40P01, 40001): a
 * trigger and a cancel lock the sync and then its run, a claim the run and then the sync. Nothing of a failed attempt
 * stays, so it may simply run again.
 */
export async function retryDeadlock<Result>(transaction: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= attemptsMax || !isDeadlock(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
    }
  }
}

function isDeadlock(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === 'P2034' || /\b(?:40P01|40001)\b/.test(`${code} ${error.message}`);
}
