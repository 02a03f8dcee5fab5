import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id with 19 MiB, 2 passes, 1 lane (OWASP password storage cheat sheet, November 2026). About 30 ms and 19 MiB
 * each, so at most four at once: more would only starve the process.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const atOnce = 4;
/** Longer passwords are refused before hashing, so that a huge one costs nothing. */
const lengthMax = 1024;

/** The hash of a password in PHC form. */
export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost));
}

/**
 * Whether the password belongs to the hash. Without a hash (unknown account) the same work is done and the answer is
 * no, so that time tells nothing about which accounts exist.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  if (password.length > lengthMax) return false;
  decoy ??= hashPassword('no account has this password');
  const against = stored ?? (await decoy);
  const right = await inTurn(() => verify(against, password));
  return right && stored !== null;
}

let decoy: Promise<string> | undefined;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
