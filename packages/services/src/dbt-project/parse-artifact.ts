import { SluiceError } from '@sluice/domain/error';

export type ArtifactKind = 'manifest' | 'run-results';

/**
 * The JSON of a file that dbt wrote, and the version of its schema. Throws `input_invalid` for what is no JSON, another
 * file, or a version whose fields are not known here.
 */
export function parseArtifact(
  bytes: Buffer,
  kind: ArtifactKind,
  versions: readonly number[],
): { value: unknown; schemaVersion: number } {
  const value = parse(bytes, kind);
  const schema = schemaOf(value);
  const [, found, version] = /\/dbt\/([\w-]+)\/v(\d+)\.json$/.exec(schema ?? '') ?? [];
  if (found !== kind) {
    const what = found ? `dbt's ${found.replaceAll('-', '_')}.json` : 'not written by dbt';
    throw artifactInvalid(kind, `This is not a ${fileOf(kind)}: it is ${what}.`);
  }
  const schemaVersion = Number(version);
  if (!versions.includes(schemaVersion)) {
    const known = `${versions.slice(0, -1).join(', ')} and ${versions.at(-1)}`;
    throw artifactInvalid(kind, `This ${fileOf(kind)} has version ${version}; ${known} are known here.`);
  }
  return { value, schemaVersion };
}

/** `input_invalid` at the field that holds the file. */
export function artifactInvalid(kind: ArtifactKind, message: string, cause?: unknown): SluiceError {
  return new SluiceError('input_invalid', message, {
    fields: { [kind === 'manifest' ? 'manifest' : 'runResults']: message },
    fix: `Send target/${fileOf(kind)} as dbt 1.5 or newer writes it.`,
    ...(cause !== undefined && { cause }),
  });
}

function parse(bytes: Buffer, kind: ArtifactKind): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw artifactInvalid(kind, `This is not a ${fileOf(kind)}: it is not valid JSON.`, cause);
  }
}

function schemaOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return null;
  const { metadata } = value;
  if (typeof metadata !== 'object' || metadata === null || !('dbt_schema_version' in metadata)) return null;
  return typeof metadata.dbt_schema_version === 'string' ? metadata.dbt_schema_version : null;
}

const fileOf = (kind: ArtifactKind): string => `${kind.replace('-', '_')}.json`;
