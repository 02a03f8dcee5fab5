import { z } from '@hono/zod-openapi';
import { changeClasses } from '@sluice/domain/change';
import type { DryRunResult, DryRunRow } from '@sluice/domain/dry-run';
import type { MappedRow } from '@sluice/domain/sync';
import { plainRow } from './plain-row.ts';
import { Counts, countsJson } from './run-json.ts';

const cells = z.record(z.string(), z.unknown());
const Sample = z
  .object({
    key: z.string().nullable(),
    row: cells,
    record: cells.nullable().describe('What would be sent.'),
    error: z.string().nullable(),
  })
  .openapi('SampleRow');

export const DryRunJson = z
  .object({
    id: z.uuid().describe('Names the plan, which is kept for a day to be paged through.'),
    querySize: z.number().int(),
    plannedRows: Counts,
    heldRows: Counts.describe('In doubt: not sent before somebody says whether they arrived.'),
    supersededRows: z
      .number()
      .int()
      .describe('Rows that a replay or revert leaves alone, because something newer is known of them.'),
    fields: z
      .array(z.object({ field: z.string(), rows: z.number().int(), exact: z.boolean() }))
      .describe('How many changed rows change which field, most frequent first.'),
    matchValueChanges: z.number().int().describe('Changed rows that get another match value.'),
    samples: z.object({
      added: z.array(Sample),
      changed: z.array(Sample),
      removed: z.array(Sample),
    }),
    requests: z
      .array(
        z.object({
          summary: z.string(),
          headers: z.record(z.string(), z.string()),
          body: z.string().nullable(),
        }),
      )
      .describe('Up to three requests as they would be sent, secrets masked.'),
    invalidKeys: z.object({
      nulls: z.number().int(),
      duplicates: z.number().int(),
      examples: z.array(z.string()),
    }),
    guard: z.string().nullable().describe('Why a guard of the sync would stop the run.'),
    durationMs: z.number(),
  })
  .openapi('DryRun');

export function dryRunJson(result: DryRunResult): z.infer<typeof DryRunJson> {
  const { id, counts, fields, matchValueChanges, samples, requests, invalidKeys, guard, durationMs } = result;
  const sampleJson = ({ key, row, record, error }: MappedRow) => ({
    key,
    row: plainRow(row),
    record: record && plainRow(record),
    error,
  });
  return {
    id,
    querySize: counts.queried,
    plannedRows: countsJson(counts.planned),
    heldRows: countsJson(counts.held),
    supersededRows: counts.superseded,
    fields,
    matchValueChanges,
    samples: {
      added: samples.added.map(sampleJson),
      changed: samples.changed.map(sampleJson),
      removed: samples.removed.map(sampleJson),
    },
    requests: requests.map(({ summary, headers, body }) => ({ summary, headers, body })),
    invalidKeys,
    guard,
    durationMs: Math.round(durationMs),
  };
}

export const DryRunRowJson = z
  .object({
    key: z.string(),
    class: z.enum(changeClasses),
    operation: z.string().nullable().describe('null: counted, but not sent.'),
    error: z.string().nullable().describe('Why the row would be rejected before it is sent.'),
    fields: z.array(
      z.object({
        field: z.string(),
        changed: z.boolean(),
        before: z.unknown().describe('As delivered last; absent where that is not known.').optional(),
        after: z.unknown().describe('As it would be sent; absent where it is not.').optional(),
      }),
    ),
  })
  .openapi('DryRunRow');

export const dryRunRowJson = ({ key, class: name, operation, error, fields }: DryRunRow) => ({
  key,
  class: name,
  operation,
  error,
  fields: fields.map(({ field, changed, before, after }) => ({
    field,
    changed,
    ...(before.known && { before: plainRow({ value: before.value }).value }),
    ...(after.sent && { after: plainRow({ value: after.value }).value }),
  })),
});
