import { Id } from '@sluice/domain/id';
import { z } from 'zod';

/** Input of procedures that act on one resource. */
export const IdInput = z.strictObject({ id: Id });
