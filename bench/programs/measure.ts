import type { Taken } from '../destinations/taken.ts';

/** What a program measured itself: milliseconds by the clock, and of processors. */
export interface Lap {
  readonly ms: number;
  readonly cpuMs: number;
  /** Rows that were sent meanwhile, where the program decides how many. */
  readonly rows?: number;
  /** What the server took meanwhile, where it counts. */
  readonly taken?: Taken;
}

/** Runs the work of a program and prints its time and the peak of the process's memory. */
export async function measure(work: (input: never) => Promise<Lap | undefined>): Promise<void> {
  const watch = startWatch();
  const told = await work(JSON.parse(process.argv[2] ?? '{}') as never);
  const lap = told ?? watch();
  // Kilobytes, on every system that Node knows.
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ ...lap, peakMb })}\n`);
}

/** Answers the function that tells how long it is since. */
export function startWatch(): () => Lap {
  const beganAt = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { ms: performance.now() - beganAt, cpuMs: (user + system) / 1000 };
  };
}
