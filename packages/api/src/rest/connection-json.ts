import { z } from '@hono/zod-openapi';
import type { Actor } from '@sluice/domain/actor';
import { type ConnectionView, CreateConnection } from '@sluice/domain/connection';
import { rollouts } from '@sluice/domain/edit-effect';
import { readOnly } from './read-only.ts';

const time = z.iso.datetime();

const fields = {
  id: z.number().int(),
  workspaceId: z.number().int(),
  name: z.string(),
  slug: z.string(),
  type: z.string(),
  configuration: z
    .record(z.string(), z.unknown())
    .describe(
      'Without secrets: one that is set reads as dots, and keeps its value when sent back like that.',
    ),
  createdAt: time,
  updatedAt: time,
};

export const SourceJson = z.object(fields).openapi('Source');
export const DestinationJson = z
  .object({ ...fields, syncs: z.array(z.number().int()) })
  .openapi('Destination');

const answered = readOnly('id', 'workspaceId', 'createdAt', 'updatedAt', 'syncs');

export const CreateConnectionJson = z
  .strictObject({ ...CreateConnection.shape, ...answered })
  .openapi('CreateConnection');

export const UpdateConnectionJson = z
  .strictObject({
    name: CreateConnection.shape.name.optional(),
    configuration: CreateConnection.shape.configuration
      .optional()
      .describe('Fields that are left out keep their value.'),
    slug: z.string().optional().describe('Cannot be changed.'),
    type: z.string().optional().describe('Cannot be changed.'),
    ...answered,
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

export const UpdateDestinationJson = UpdateConnectionJson.extend({
  rollout: z
    .enum(rollouts)
    .optional()
    .describe(
      'Where it leads to another address: `from_now` = the same system, nothing is sent again; `backfill` (without it) = another one, all rows are.',
    ),
}).openapi('UpdateDestination');
