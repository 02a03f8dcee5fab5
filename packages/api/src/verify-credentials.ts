import { toSluiceError } from '@sluice/domain/error';
import { type SignedIn, verifyCredentials as verify } from '@sluice/services/account/verify-credentials';
import type { ServiceContext } from '@sluice/services/context';
import { type ApiErrorView, apiErrorView } from './trpc/error-shape.ts';

/** The session of a person who signs in, or what to show them instead. Never throws. */
export async function verifyCredentials(
  services: ServiceContext,
  input: { email: string; password: string; address: string; requestId: string },
): Promise<{ signedIn: SignedIn; error: null } | { signedIn: null; error: ApiErrorView }> {
  try {
    return { signedIn: await verify(services, input), error: null };
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.fault === 'ours') {
      services.log.error({ requestId: input.requestId, err: error.cause ?? error }, 'sign-in failed');
    }
    return { signedIn: null, error: apiErrorView(error, input.requestId) };
  }
}
