import { z } from 'zod';

/** What people call a thing: 1 to 120 characters on one line. */
export const Name = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(120, 'A name has at most 120 characters.')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'A name is one line of ordinary characters.');
