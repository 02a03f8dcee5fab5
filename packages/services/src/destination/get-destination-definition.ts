import type { DestinationDefinition } from '@sluice/connectors/kit/destination';
import { destinationDefinitions } from '@sluice/connectors/registry';
import { unknownType } from '../connection/unknown-type.ts';

/** The connector of this type; throws `input_invalid` at `type` when there is none. */
export function getDestinationDefinition(type: string): DestinationDefinition {
  const definition = Object.hasOwn(destinationDefinitions, type) ? destinationDefinitions[type] : undefined;
  if (!definition) throw unknownType('destination', type, Object.keys(destinationDefinitions));
  return definition;
}
