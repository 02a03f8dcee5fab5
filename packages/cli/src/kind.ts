import { SluiceError } from '@sluice/domain/error';

/** What the command line manages, in the order in which one depends on the other. */
export const kinds = ['sources', 'destinations', 'models', 'syncs', 'sequences'] as const;
export type Kind = (typeof kinds)[number];

/** Number of a resource; sequences have UUIDs. */
export type ResourceId = number | string;

/** Where the API has them. */
export const pathOf = (kind: Kind): string => (kind === 'sequences' ? '/sync-sequences' : `/${kind}`);

/** One of a kind, in words. */
export const nounOf = (kind: Kind): string => kind.slice(0, -1);

/** The kind that somebody typed: `sync` and `syncs` are the same. Throws `input_invalid`. */
export function readKind<Name extends string>(typed: string, known: readonly Name[]): Name {
  const found = known.find((kind) => kind === typed || kind === `${typed}s`);
  if (found) return found;
  throw new SluiceError('input_invalid', `"${typed}" is not something to look at.`, {
    fix: `Use one of: ${known.join(', ')}.`,
  });
}
