import type { Instrumentation } from 'next';

/** Once per process, before the first request: wrong settings stop the start instead of failing every page. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: only this literal keeps the services out of the bundle for the edge.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { openConsole } = await import('./server/open-console.ts');
    openConsole();
  }
}

/** Failures while a page is drawn or a route answers go to the log of the services, which hides secrets. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  // biome-ignore lint/style/noProcessEnv: only this literal keeps the services out of the bundle for the edge.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { services } = await import('./server/services.ts');
    const { path, method } = request;
    services().log.error({ err: error, path, method, route: context.routePath }, 'request failed');
  }
};
