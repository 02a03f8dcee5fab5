import { SluiceError } from '@sluice/domain/error';
import { sessionSecret } from './env.ts';
import { services } from './services.ts';

/** Opens the services at the start of the process. Settings that are missing or wrong end it, with one clear line. */
export function openConsole(): void {
  try {
    sessionSecret();
    services();
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    process.stderr.write(`${thrown.message} ${thrown.fix}\n`);
    process.exit(1);
  }
}
