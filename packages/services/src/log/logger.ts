import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { SecretRegistry } from '../vault/secret-registry.ts';

export type Logger = PinoLogger;
export type LogStream = DestinationStream;

/**
 * A JSON logger whose every line passes through the registry of live secrets, so that a secret inside an address, an
 * error message or a nested object is masked as well: redaction by path would miss those. Control characters are
 * encoded by JSON. Writes to standard output unless `stream` is given.
 */
export function createLogger(options: {
  name: string;
  level?: string;
  secrets: SecretRegistry;
  stream?: LogStream | undefined;
}): Logger {
  const target = options.stream ?? pino.destination(1);
  const level = options.level ?? 'info';
  return pino(
    { name: options.name, level, base: { name: options.name }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => void target.write(options.secrets.redact(line)) },
  );
}
