import { writeSession } from './session-cookie.ts';
import { sessionVersionOf } from './session-version.ts';

/** Mutations that end every session but the one they came from. */
const raising = ['account.changePassword', 'account.endOtherSessions'];

/** Gives the caller of such a mutation a cookie of the new session version, so that their own session goes on. */
export async function keepSession(
  publicUrl: string,
  session: { userId: number } | null,
  request: Request,
  response: Response,
): Promise<Response> {
  const procedure = new URL(request.url).pathname.split('/').at(-1) ?? '';
  if (!session || !response.ok || !raising.includes(procedure)) return response;
  const sessionVersion = sessionVersionOf(await response.clone().json());
  if (sessionVersion === null) return response;
  response.headers.append(
    'set-cookie',
    await writeSession(publicUrl, { userId: session.userId, sessionVersion }),
  );
  return response;
}
