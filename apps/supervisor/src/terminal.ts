/** Prints a line for the person at the terminal. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Says what is going on, and how long it took. */
export async function withProgress<Answer>(title: string, work: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await work();
  say(`  ${title.padEnd(34)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return answer;
}
