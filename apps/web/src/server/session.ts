import { randomUUID } from 'node:crypto';
import { clientAddress } from '@sluice/api/http/client-address';
import { createContext } from '@sluice/api/trpc/context';
import { createCaller } from '@sluice/api/trpc/router';
import type { AccountView } from '@sluice/domain/account';
import { SluiceError } from '@sluice/domain/error';
import { TRPCError } from '@trpc/server';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { services } from './services.ts';
import { readSession, sessionCookie } from './session-cookie.ts';

/** The signed-in person with their workspaces, once per request; `null` if nobody is signed in (any more). */
export const currentAccount = cache(async (): Promise<AccountView | null> => {
  try {
    return await (await serverCaller()).account.get();
  } catch (thrown) {
    if (thrown instanceof TRPCError && isCode(thrown, 'unauthenticated')) return null;
    throw thrown;
  }
});

/** Calls procedures as the person of the request, outside any workspace. */
async function serverCaller() {
  const context = services();
  const jar = await cookies();
  return createCaller(
    createContext({
      services: context,
      session: await readSession(jar.get(sessionCookie(context.settings.publicUrl).name)?.value),
      workspaceSlug: null,
      requestId: randomUUID(),
      address: clientAddress(await headers()),
    }),
  );
}

function isCode(error: TRPCError, code: string): boolean {
  return error.cause instanceof SluiceError && error.cause.code === code;
}
