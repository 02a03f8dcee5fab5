import { randomUUID } from 'node:crypto';
import { clientAddress } from '@sluice/api/http/client-address';
import { verifyCredentials } from '@sluice/api/verify-credentials';
import type { AuthOptions, User } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { paths } from '#paths.ts';
import { sessionSecret } from './env.ts';
import { services } from './services.ts';
import { sessionCookie, sessionSeconds } from './session-cookie.ts';

/**
 * Sign-in with e-mail and password. The cookie carries only the person's id and session version; each request checks
 * them against the account, so a password change ends other sessions at once.
 */
export function authOptions(): AuthOptions {
  const cookie = sessionCookie(services().settings.publicUrl);
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    cookies: { sessionToken: { name: cookie.name, options: cookie.options } },
    pages: { signIn: paths.signIn, signOut: paths.signIn, error: paths.signIn },
    logger: {
      error: (code, metadata) => {
        // A wrong password is an answer, not a defect; services log it themselves.
        if (code !== 'CALLBACK_CREDENTIALS_HANDLER_ERROR')
          services().log.error({ code, metadata }, 'sign-in failed');
      },
      warn: (code) => services().log.debug({ code }, 'sign-in warning'),
      debug: () => {},
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: async (credentials, request) => {
          const result = await verifyCredentials(services(), {
            email: credentials?.email ?? '',
            password: credentials?.password ?? '',
            address: clientAddress(new Headers(request.headers as Record<string, string>)),
            requestId: randomUUID(),
          });
          // The library hands on nothing of an error but its message.
          if (result.error) throw new Error(JSON.stringify(result.error));
          const { userId, sessionVersion } = result.signedIn;
          return { id: String(userId), userId, sessionVersion } as User;
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => {
        if (!user) return token;
        // The library's type knows only its own fields; these are what `authorize` answers above.
        const { userId, sessionVersion } = user as unknown as Record<string, unknown>;
        return { userId, sessionVersion };
      },
      redirect: ({ url, baseUrl }) =>
        new URL(url, baseUrl).origin === new URL(baseUrl).origin ? new URL(url, baseUrl).href : baseUrl,
    },
  };
}
