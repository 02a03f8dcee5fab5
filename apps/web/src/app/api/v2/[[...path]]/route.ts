import { clientAddress } from '@sluice/api/http/client-address';
import { handleRest } from '@sluice/api/rest/handle-rest';
import { services } from '#server/services.ts';

function handle(request: Request): Promise<Response> {
  return handleRest(services(), request, { address: clientAddress(request.headers) });
}

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
