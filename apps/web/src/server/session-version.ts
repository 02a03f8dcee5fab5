import { z } from 'zod';

const Answer = z.object({
  result: z.object({ data: z.object({ json: z.object({ sessionVersion: z.number().int() }) }) }),
});

/** The session version in the answer of a mutation, which may be the only one of a batch; `null` if there is none. */
export function sessionVersionOf(body: unknown): number | null {
  const parsed = Answer.safeParse(Array.isArray(body) && body.length === 1 ? body[0] : body);
  return parsed.success ? parsed.data.result.data.json.sessionVersion : null;
}
