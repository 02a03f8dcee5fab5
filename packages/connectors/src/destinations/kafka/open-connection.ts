import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { findOptionProblems, optionText } from '../../kit/object-options.ts';
import type { Configuration } from '../../kit/source.ts';
import { columnsOfTemplate } from '../../kit/template.ts';
import { checkKafka } from './check.ts';
import { compressionNumbers } from './compression.ts';
import { readKafkaSettings } from './configuration.ts';
import { openCluster } from './connect.ts';
import { createWriter } from './create-writer.ts';
import { createSender } from './produce.ts';
import { topicModes, topicObject, topicOptions } from './topic.ts';

/** A use of a cluster; connects with the first batch. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readKafkaSettings(configuration);
  const cluster = () => openCluster(settings(), context);
  const find = async (name: string) => {
    const [topic] = await cluster().readTopics([name]);
    if (topic && topic.partitions.length > 0) return topic;
    throw new SluiceError('destination_object_missing', `The cluster has no topic "${name}".`);
  };
  return {
    check: () => checkKafka(settings(), context),
    async listObjects() {
      const topics = await cluster().readTopics();
      return topics.map(({ name }) => ({ id: name, label: name, modes: topicModes }));
    },
    async describeObject(name) {
      await find(name);
      return topicObject(name);
    },
    async validate(sync) {
      const problems = findOptionProblems(topicOptions, sync);
      if (problems['options.key'] === undefined) {
        try {
          keyColumns(sync);
        } catch (thrown) {
          problems['options.key'] = thrown instanceof Error ? thrown.message : 'The template cannot be read.';
        }
      }
      return problems;
    },
    columnsUsed: keyColumns,
    columnsNamed: (sync) => {
      const columns = keyColumns(sync);
      return columns === 'all' ? [] : columns;
    },
    columnsForRemoval: keyColumns,
    writer: async (sync, variables = {}) => {
      const { object: topic } = sync;
      const compression = compressionNumbers[optionText(topicOptions, sync.options, 'compression')] ?? 0;
      return createWriter(sync, {
        variables,
        partitions: async () => (await find(topic)).partitions,
        openSender: () => createSender(cluster(), { topic, compression }),
      });
    },
    close: () => Promise.resolve(),
  };
}

/** Columns that the template of the key reads. Throws `template_invalid`. */
const keyColumns = ({ options }: SyncConfiguration): readonly string[] | 'all' =>
  columnsOfTemplate(optionText(topicOptions, options, 'key'));
