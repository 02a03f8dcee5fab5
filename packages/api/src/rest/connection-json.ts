import { z } from '@hono/zod-openapi';
import type { Actor } from '@sluice/domain/actor';
import { type ConnectionView, CreateConnection } from '@sluice/domain/connection';

const time = z.iso.datetime();

const fields = {
  id: z.number().int(),
  workspaceId: z.number().int(),
  name: z.string(),
  slug: z.string(),
  type: z.string(),
  /** Without secrets: one that is set reads as dots, and keeps its value when it is sent back like that. */
  configuration: z.record(z.string(), z.unknown()),
  createdAt: time,
  updatedAt: time,
};

export const SourceJson = z.object(fields).openapi('Source');
export const DestinationJson = z
  .object({ ...fields, syncs: z.array(z.number().int()) })
  .openapi('Destination');

/** Bodies of existing clients may hold more than is known here: what is unknown is left out. */
export const CreateConnectionJson = z.object(CreateConnection.shape).openapi('CreateConnection');
export const UpdateConnectionJson = z
  .object({
    name: CreateConnection.shape.name.optional(),
    configuration: CreateConnection.shape.configuration.optional(),
  })
  .openapi('UpdateConnection');

/** What sources and destinations have in common, as the contract names it. */
export function connectionJson(actor: Actor, view: ConnectionView): z.infer<typeof SourceJson> {
  const { id, name, slug, type, configuration, createdAt, updatedAt } = view;
  return {
    id,
    workspaceId: actor.workspaceId,
    name,
    slug,
    type,
    configuration,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
