import { randomUUID } from 'node:crypto';
import type { Actor } from '@sluice/domain/actor';
import { permissionsOfRole } from '@sluice/domain/permission';

/** Sluice itself in one workspace (`scheduler`, `worker`, `set-up`): may do everything an admin may. */
export function systemActor(workspaceId: number, name: string): Actor {
  return {
    identity: { kind: 'system', name },
    workspaceId,
    permissions: permissionsOfRole('admin'),
    requestId: randomUUID(),
  };
}
