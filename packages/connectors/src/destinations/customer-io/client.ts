import type { ConnectContext } from '../../kit/context.ts';
import type { VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { basic } from '../../kit/http/credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { CustomerIoConfiguration } from './configuration.ts';

/** The Track API. 207 is read row by row (`batch-route.ts`). https://docs.customer.io/api/track/#operation/batch (2026-11) */
export function createClient(configuration: CustomerIoConfiguration, context: ConnectContext): ApiClient {
  return createApiClient(
    {
      vendor: 'Customer.io',
      baseUrl: configuration.baseUrl,
      credentials: basic(configuration.siteId, configuration.apiKey),
      rules: { failureIn },
    },
    context,
  );
}

/** The first words of a refused request; a 207 is none. */
function failureIn({ status, body }: ApiAnswer): VendorFailure | null {
  if (status < 400) return null;
  const first =
    valueAtPath(body, 'errors.0') ?? valueAtPath(body, 'meta.errors.0') ?? valueAtPath(body, 'meta.error');
  const message = typeof first === 'string' ? first : valueAtPath(first, 'message');
  const reason = valueAtPath(first, 'reason');
  if (typeof message !== 'string') return null;
  return { code: typeof reason === 'string' ? reason : `http_${status}`, message };
}
