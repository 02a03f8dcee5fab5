import type { Value } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { changeId } from '../../kit/change-id.ts';
import type { DestinationRecord } from '../../kit/destination.ts';
import { optionText } from '../../kit/object-options.ts';
import { compileTemplate } from '../../kit/template.ts';
import { valueToJson } from '../../kit/value-json.ts';
import { topicOptions } from './topic.ts';

/** A message as it is sent. Without a value it is a tombstone: compaction forgets its key. */
export interface Message {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Compiles a sync into the function that makes messages of records; it throws what a template throws. */
export function compileMessage(
  sync: SyncConfiguration,
  variables: Readonly<Record<string, Value>>,
): (record: DestinationRecord) => Message {
  const template = optionText(topicOptions, sync.options, 'key');
  const render = template === '' ? null : compileTemplate(template);
  const slug = variables['sync-slug'] ?? null;
  return (record) => {
    const { class: name, row, matchValue, operation } = record;
    const key = render
      ? render({ row, context: { ...variables, 'change-class': name } })
      : matchValue === null
        ? null
        : textOf(matchValue);
    return {
      key,
      value: operation === 'delete' ? null : valueToJson(record.fields),
      headers: {
        'sluice-operation': name,
        // The same on every try of a run, so that readers can tell a repetition.
        'sluice-message-id': changeId(record, { variables, timed: false }),
        ...(slug !== null && { 'sluice-sync': String(slug) }),
      },
    };
  };
}

const textOf = (value: Value): string =>
  typeof value === 'object' && value !== null ? valueToJson(value) : String(value);
