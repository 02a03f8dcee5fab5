import type { SyncModeId } from '@sluice/domain/sync-mode';
import type { WriterLimits } from '../../../kit/destination.ts';
import type { ApiObject } from '../../../kit/http/api-object.ts';
import type { RouteOf } from '../../../kit/http/route.ts';
import { bulkRoutes } from '../bulk-route.ts';
import { collectionRoutes } from '../collection-routes.ts';
import { presets } from '../configuration.ts';
import type { DailyLimit } from '../daily-limit.ts';
import { type RecordField, readRecordFields, recordId } from '../record-field.ts';
import { recordForm } from '../record-form.ts';
import type { SObject } from '../sobject.ts';

/** Records of one kind, standard or custom; platform events can only be created. */
export function records(object: SObject, limits: WriterLimits, daily: DailyLimit): ApiObject {
  let known: readonly RecordField[] = [];
  return {
    id: object.name,
    label: object.label,
    modes: modesOf(object),
    deleteBehaviours: [
      'nothing',
      ...(object.updateable ? (['clear'] as const) : []),
      ...(object.deletable ? (['delete'] as const) : []),
    ],
    async describe(client) {
      known = await readRecordFields(client, object.name);
      return { fields: known.map(({ field }) => field) };
    },
    validate({ mode, matchKey, mappings }): Record<string, string> {
      const problems: Record<string, string> = {};
      const updates = mode === 'update' || mode === 'upsert' || mode === 'mirror';
      if (matchKey?.to === recordId && updates && mode !== 'update') {
        problems['matchKey.to'] =
          'Salesforce makes the record ID itself, so nothing can be created by it. Match by an external ID, or use Update.';
      }
      for (const [index, { to }] of mappings.entries()) {
        const field = known.find((one) => one.field.name === to);
        if (!field || to === matchKey?.to) continue;
        if (updates && !field.updateable)
          problems[`mappings.${index}.to`] = `"${to}" can be set on creation only: use Insert.`;
        if (mode !== 'update' && !field.createable)
          problems[`mappings.${index}.to`] = `"${to}" cannot be set on creation: use Update.`;
      }
      return problems;
    },
    limits,
    async routes({ client, sync }): Promise<RouteOf> {
      const form = recordForm(object.name, sync, await readRecordFields(client, object.name));
      const few = collectionRoutes(form, daily);
      const many = bulkRoutes(form, client, daily);
      return ({ operation }, batchRows) => {
        const kind = batchRows >= presets.bulkRowsMin ? many : few;
        switch (operation) {
          case 'create':
            return kind.create;
          case 'update':
            return kind.update;
          case 'clear':
            return few.clear;
          case 'delete':
            return few.delete;
          default:
            return kind.upsert;
        }
      };
    },
  };
}

function modesOf({ createable, updateable, deletable }: SObject): SyncModeId[] {
  return [
    ...(createable && updateable ? (['upsert'] as const) : []),
    ...(createable ? (['insert'] as const) : []),
    ...(updateable ? (['update'] as const) : []),
    ...(createable && updateable && deletable ? (['mirror'] as const) : []),
  ];
}
