import type { WriterLimits } from '../../../kit/destination.ts';
import type { ApiObject } from '../../../kit/http/api-object.ts';
import type { ObjectType } from '../object-type.ts';
import { readProperties, recordId } from '../property.ts';
import { recordRoutes } from '../record-routes.ts';

/** Records of one type: contacts, companies, deals, tickets, or a custom one. HubSpot deletes by archiving. */
export const records = (type: ObjectType, limits: WriterLimits): ApiObject => ({
  id: type.id,
  label: type.label,
  modes: ['upsert', 'insert', 'update', 'mirror', 'archive'],
  deleteBehaviours: ['nothing', 'clear', 'delete'],
  async describe(client) {
    const properties = await readProperties(client, type);
    return { fields: properties.map(({ field }) => field) };
  },
  validate({ mode, matchKey }): Record<string, string> {
    const creates = mode === 'upsert' || mode === 'mirror' || mode === 'archive';
    if (!creates || matchKey?.to !== recordId) return {};
    return {
      'matchKey.to':
        'HubSpot makes the record ID itself, so nothing can be created by it. Match by another property, or use Update.',
    };
  },
  limits,
  routes: async ({ client, sync }) => recordRoutes(type, sync, await readProperties(client, type)),
});
