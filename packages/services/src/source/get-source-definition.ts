import type { SourceDefinition } from '@sluice/connectors/kit/source';
import { sourceDefinitions } from '@sluice/connectors/registry';
import { unknownType } from '../connection/unknown-type.ts';

/** The connector of this type; throws `input_invalid` at `type` when there is none. */
export function getSourceDefinition(type: string): SourceDefinition {
  const definition = Object.hasOwn(sourceDefinitions, type) ? sourceDefinitions[type] : undefined;
  if (!definition) throw unknownType('source', type, Object.keys(sourceDefinitions));
  return definition;
}
