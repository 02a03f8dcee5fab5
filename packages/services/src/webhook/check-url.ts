import { EgressFailure } from '@sluice/connectors/kit/egress-failure';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';

/**
 * Throws `egress_refused` or `input_invalid`, naming the field, when Sluice could not send to this address: it is
 * private, or its host does not exist. Nothing is sent. The address is checked again on every connection.
 */
export async function checkUrl(ctx: Pick<ServiceContext, 'egress'>, text: string): Promise<void> {
  const url = new URL(text);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  try {
    await ctx.egress.resolve(url.hostname, port);
  } catch (thrown) {
    if (thrown instanceof EgressFailure) {
      throw new SluiceError('input_invalid', 'The host of this address was not found.', {
        fields: { url: 'No such host. Check the spelling.' },
        cause: thrown,
      });
    }
    if (!(thrown instanceof SluiceError)) throw thrown;
    throw new SluiceError(thrown.code, thrown.message, {
      fix: thrown.fix,
      fields: { url: thrown.message },
      cause: thrown,
    });
  }
}
