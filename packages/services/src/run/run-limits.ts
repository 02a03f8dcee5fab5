/** How often rows that the destination may take later are sent in one run. */
export const sendAttemptsMax = 5;
export const duckdbThreads = 2;
