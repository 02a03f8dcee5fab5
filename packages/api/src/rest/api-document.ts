import { restApp } from './rest-app.ts';

type Part = Record<string, unknown>;

/** The OpenAPI 3.1 document of everything that answers below `/api/v1` and `/api/v2`. Made once. */
export function apiDocument(): { paths: Record<string, Part>; components: Part; openapi: string } {
  document ??= plainPatterns(restApp.getOpenAPI31Document(head)) as ReturnType<typeof apiDocument>;
  return document;
}

let document: ReturnType<typeof apiDocument> | undefined;

const head = {
  openapi: '3.1.0',
  info: {
    title: 'Sluice API',
    version: '1',
    description:
      'Read and change sources, models, destinations, syncs and sequences of syncs, trigger runs and follow them. Send a token of the workspace as "Authorization: Bearer slc_…".',
  },
};

/** The generator writes the flags of a pattern behind it (`^a$/u`); JSON Schema has none, and is Unicode anyway. */
function plainPatterns(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(plainPatterns);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [
      name,
      name === 'pattern' && typeof value === 'string'
        ? value.replace(/\/[dgimsuvy]+$/, '')
        : plainPatterns(value),
    ]),
  );
}
