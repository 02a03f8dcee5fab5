/** As a worker is started in production (`Dockerfile`, `docker-compose.yml`). */
export const workerFlags: readonly string[] = [
  '--max-old-space-size=256',
  '--max-semi-space-size=4',
  '--no-parallel-scavenge',
];
export const workerEnvironment: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' };

/** `BENCH_PROFILE=<directory>` leaves a CPU profile of every worker there. */
export function profileFlags(): string[] {
  const directory = process.env.BENCH_PROFILE;
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}`] : [];
}
