import { httpRequestDestination } from './destinations/http-request/definition.ts';
import { postgresqlDestination } from './destinations/postgresql/definition.ts';
import type { DestinationDefinition } from './kit/destination.ts';
import type { SourceDefinition } from './kit/source.ts';
import { postgresqlSource } from './sources/postgresql/definition.ts';
import { sampleSource } from './sources/sample/definition.ts';

/** Every kind of source, by slug. The only place that names them. */
export const sourceDefinitions: Readonly<Record<string, SourceDefinition>> = bySlug([
  postgresqlSource,
  sampleSource,
]);

/** Every kind of destination, by slug. The only place that names them. */
export const destinationDefinitions: Readonly<Record<string, DestinationDefinition>> = bySlug([
  postgresqlDestination,
  httpRequestDestination,
]);

function bySlug<Definition extends { readonly slug: string }>(
  definitions: readonly Definition[],
): Record<string, Definition> {
  return Object.fromEntries(definitions.map((definition) => [definition.slug, definition]));
}
