import { SluiceError } from '@sluice/domain/error';
import { slugify } from '@sluice/domain/slug';

interface SlugWish {
  /** Asked for by the person: taken means an error. */
  readonly given: string | undefined;
  /** Otherwise made from this, with -2, -3 … until it is free. */
  readonly name: string;
  /** Slugs of the workspace that begin with the text. */
  list(prefix: string): Promise<string[]>;
}

/**
 * Runs `attempt` (a whole transaction) with a slug that is free, and again with another one if somebody took it
 * meanwhile. Throws `slug_taken` for a slug that was asked for.
 */
export async function withFreeSlug<Result>(
  wish: SlugWish,
  attempt: (slug: string) => Promise<Result>,
): Promise<Result> {
  for (let tries = 0; ; tries++) {
    const base = wish.given ?? slugify(wish.name);
    const taken = new Set(await wish.list(base));
    if (wish.given !== undefined && taken.has(base)) throw slugTaken(base);
    try {
      return await attempt(firstFree(base, taken));
    } catch (err) {
      if (!isUniqueViolation(err)) throw err;
      if (wish.given !== undefined) throw slugTaken(base);
      if (tries === 4) throw err;
    }
  }
}

/** `slug_taken` for this slug, at the field. */
export function slugTaken(slug: string): SluiceError {
  const message = `The slug "${slug}" is taken.`;
  return new SluiceError('slug_taken', message, { fields: { slug: message } });
}

/** Whether the database refused a row because a unique key exists (Prisma's P2002). */
export function isUniqueViolation(err: unknown): boolean {
  return err instanceof Error && 'code' in err && err.code === 'P2002';
}

function firstFree(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}
