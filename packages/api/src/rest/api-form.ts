import type { ApiForm, SyncConfiguration } from '@sluice/domain/sync';
import { isVendorForm, sameMeaning, toVendorForm } from './vendor-configuration.ts';

type Parts = Readonly<Record<string, unknown>>;

interface Written {
  readonly slug: string;
  readonly configuration: SyncConfiguration;
  readonly apiForm: ApiForm;
}

/**
 * The configuration as its client wrote it, word by word, so that a tool that compares finds no difference. After a
 * change in the console it is the present one, in the words of the client.
 */
export function answeredConfiguration({ configuration, apiForm }: Written): Record<string, unknown> {
  const written = apiForm.configuration;
  if (!written) return configuration;
  if (sameMeaning(written, configuration)) return written;
  const { objectId, associationMappings } = written;
  return {
    ...toVendorForm(configuration),
    ...(objectId !== undefined && { objectId }),
    ...(associationMappings !== undefined && { associationMappings }),
  };
}

/** What to keep of a body beside the sync that it makes or has changed into `after`. */
export function keptForm(
  before: Written | null,
  given: { name?: string | undefined; configuration?: Parts | undefined },
  after: { slug: string; configuration: SyncConfiguration },
): ApiForm {
  const name = given.name ?? before?.apiForm.name;
  const configuration = keptConfiguration(before, given.configuration, after.configuration);
  return {
    ...(name !== undefined && name !== after.slug && { name }),
    ...(configuration && { configuration }),
  };
}

function keptConfiguration(
  before: Written | null,
  given: Parts | undefined,
  after: SyncConfiguration,
): Parts | undefined {
  const written = before?.apiForm.configuration;
  if (!given) return written;
  if (!isVendorForm(given)) {
    const ours = 'mappings' in given || 'matchKey' in given;
    return written && !ours && before ? { ...answeredConfiguration(before), ...given } : undefined;
  }
  if (sameMeaning(given, after)) return given;
  return before
    ? { ...(written ? answeredConfiguration(before) : toVendorForm(before.configuration)), ...given }
    : given;
}
