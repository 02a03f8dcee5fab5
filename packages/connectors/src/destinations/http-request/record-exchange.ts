import { createExchangeRecorder, type ExchangeRecorder } from '../../kit/http/exchange-recorder.ts';
import type { HttpRequestConfiguration } from './configuration.ts';

/** A recorder for one destination; knows its secret headers by name and by value. */
export function createRecorder(configuration: HttpRequestConfiguration): ExchangeRecorder {
  const secret = configuration.headers.filter((header) => header.secret);
  const values = secret.map(({ value }) => value);
  return createExchangeRecorder({
    secrets: () => values,
    secretHeaders: new Set(secret.map(({ name }) => name.toLowerCase())),
  });
}
