/** The variables that the command line was started with. Secrets among them are looked up by name, never listed. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
