import { resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../../..');
const optional = z.string().min(1).optional();

/** Settings of the supervisor; what it does not know it hands through to web and worker, which check their own. */
const Environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .transform((path) => resolve(root, path)),
  DATABASE_URL: optional,
  ENCRYPTION_KEYS: optional,
  NEXTAUTH_SECRET: optional,
  NEXTAUTH_URL: z.url().optional(),
  EGRESS_ALLOW: z.string().default(''),
  /** `false` leaves out the demo workspace. */
  DEMO: z.stringbool().default(true),
});
export type Environment = z.infer<typeof Environment>;

/** Throws an error that names every variable with a wrong value. */
export function readEnvironment(): Environment {
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const result = Environment.safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`These settings are not valid. ${problems.join('; ')}`);
}

/** What web and worker inherit: everything; each of them reads its own settings from it. */
export const inheritedEnvironment = (): Record<string, string | undefined> => ({ ...process.env });
