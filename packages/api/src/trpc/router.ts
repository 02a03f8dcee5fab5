import { createCallerFactory, router } from './procedure.ts';

/** Table of contents of the console's API: one router per noun. */
export const appRouter = router({});

export type AppRouter = typeof appRouter;

/** Calls procedures in the process, for tests and server components. */
export const createCaller = createCallerFactory(appRouter);
