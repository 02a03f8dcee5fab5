import type { DestinationObjectDetail } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import { apiField } from '../../kit/http/api-object.ts';

/** What a topic wants to know beside the mappings. */
export const topicOptions: readonly ConfigField[] = [
  {
    name: 'key',
    label: 'Key',
    kind: 'template',
    help: 'Messages with one key keep their order. Empty = the value of the match key.',
    placeholder: '{{ row.country }}-{{ row.id }}',
    secret: false,
    required: false,
  },
  {
    name: 'compression',
    label: 'Compression',
    kind: 'select',
    help: 'Of batches on their way and in the topic.',
    secret: false,
    required: true,
    default: 'none',
    options: [
      { value: 'none', label: 'None' },
      { value: 'gzip', label: 'gzip' },
      { value: 'zstd', label: 'Zstandard (Kafka 2.1 or newer)' },
    ],
  },
];

export const topicModes = ['upsert', 'mirror', 'insert', 'event'] as const;

/** A topic as something to write to: the mapped fields are the JSON object of the message. */
export const topicObject = (name: string): DestinationObjectDetail => ({
  id: name,
  label: name,
  modes: topicModes,
  mapping: 'fields',
  deleteBehaviours: ['nothing', 'delete'],
  openFields: true,
  fields: [apiField('key', 'Key', 'string', { matchable: true, nativeType: 'key' })],
  options: topicOptions,
});
