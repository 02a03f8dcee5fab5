import { z } from 'zod';

/** Number of a resource, as the database can hold it. */
export const Id = z
  .number()
  .int()
  .min(1, 'An id is a positive number.')
  .max(2_147_483_647, 'No id is this large.');
