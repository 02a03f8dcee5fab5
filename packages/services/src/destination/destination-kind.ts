import { toJson, toJsonOrNull } from '@sluice/db/json';
import { connectionChanged } from '../connection/connection-changed.ts';
import type { ConnectionKind, ConnectionTable } from '../connection/connection-kind.ts';
import { getDestinationDefinition } from './get-destination-definition.ts';
import { resyncMoved } from './resync-moved.ts';

const rows: ConnectionTable = {
  find: (db, workspaceId, id) => db.destination.findFirst({ where: { workspaceId, id } }),
  async slugs(db, workspaceId, prefix) {
    const found = await db.destination.findMany({
      where: { workspaceId, slug: { startsWith: prefix } },
      select: { slug: true },
    });
    return found.map(({ slug }) => slug);
  },
  create: (db, row) => db.destination.create({ data: { ...row, configuration: toJson(row.configuration) } }),
  async update(db, before, data) {
    const { workspaceId, id, updatedAt } = before;
    const { count } = await db.destination.updateMany({
      where: { workspaceId, id, updatedAt },
      data: {
        ...data,
        configuration: toJson(data.configuration),
        ...(connectionChanged(before, data) && { lastCheck: toJsonOrNull(null) }),
      },
    });
    return count === 1;
  },
  async saveCheck(db, { workspaceId, id, updatedAt }, lastCheck) {
    await db.destination.updateMany({
      where: { workspaceId, id, updatedAt },
      data: { lastCheck: toJson(lastCheck), updatedAt },
    });
  },
  async remove(db, workspaceId, id) {
    await db.destination.deleteMany({ where: { workspaceId, id } });
  },
  moved: resyncMoved,
  async uses(db, workspaceId, id) {
    const syncs = await db.sync.findMany({
      where: { workspaceId, destinationId: id },
      select: { slug: true },
      orderBy: { id: 'asc' },
    });
    return syncs.map(({ slug }) => `the sync "${slug}"`);
  },
};

/** What makes a connection a destination. */
export const destinationKind: ConnectionKind = {
  noun: 'destination',
  table: 'destinations',
  writePermission: 'destination.write',
  rows,
  connector: getDestinationDefinition,
};
