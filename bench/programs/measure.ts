/** Runs the work of a program and prints its time and the peak of the process's memory. */
export async function measure(work: (input: never) => Promise<{ ms: number } | undefined>): Promise<void> {
  const beganAt = performance.now();
  const told = await work(JSON.parse(process.argv[2] ?? '{}') as never);
  const ms = told?.ms ?? performance.now() - beganAt;
  // Kilobytes, on every system that Node knows.
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ ms, peakMb })}\n`);
}
