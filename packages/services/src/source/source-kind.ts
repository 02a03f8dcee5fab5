import { plansInSource } from '@sluice/connectors/kit/planner-field';
import { toJson, toJsonOrNull } from '@sluice/db/json';
import { connectionChanged } from '../connection/connection-changed.ts';
import type { ConnectionKind, ConnectionTable } from '../connection/connection-kind.ts';
import { getSourceDefinition } from './get-source-definition.ts';

const rows: ConnectionTable = {
  find: (db, workspaceId, id) => db.source.findFirst({ where: { workspaceId, id } }),
  async slugs(db, workspaceId, prefix) {
    const found = await db.source.findMany({
      where: { workspaceId, slug: { startsWith: prefix } },
      select: { slug: true },
    });
    return found.map(({ slug }) => slug);
  },
  create: (db, row) =>
    db.source.create({
      data: {
        ...row,
        configuration: toJson(row.configuration),
        plannerTables: plansInSource(row.configuration),
      },
    }),
  async update(db, before, data) {
    const { workspaceId, id, updatedAt } = before;
    const { count } = await db.source.updateMany({
      where: { workspaceId, id, updatedAt },
      data: {
        ...data,
        configuration: toJson(data.configuration),
        // Stays true until the tables are gone.
        ...(plansInSource(data.configuration) && { plannerTables: true }),
        ...(connectionChanged(before, data) && { lastCheck: toJsonOrNull(null) }),
      },
    });
    return count === 1;
  },
  async saveCheck(db, { workspaceId, id, updatedAt }, lastCheck) {
    await db.source.updateMany({
      where: { workspaceId, id, updatedAt },
      data: { lastCheck: toJson(lastCheck), updatedAt },
    });
  },
  async remove(db, workspaceId, id) {
    await db.source.deleteMany({ where: { workspaceId, id } });
  },
  async uses(db, workspaceId, id) {
    const models = await db.model.findMany({
      where: { workspaceId, sourceId: id },
      select: { name: true },
      orderBy: { id: 'asc' },
    });
    const projects = await db.dbtProject.findMany({
      where: { workspaceId, sourceId: id },
      select: { name: true },
      orderBy: { id: 'asc' },
    });
    return [
      ...models.map(({ name }) => `the model "${name}"`),
      ...projects.map(({ name }) => `the dbt project "${name}"`),
    ];
  },
};

/** What makes a connection a source. */
export const sourceKind: ConnectionKind = {
  noun: 'source',
  table: 'sources',
  writePermission: 'source.write',
  rows,
  connector: getSourceDefinition,
};
