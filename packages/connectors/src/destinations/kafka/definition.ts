import type { DestinationDefinition } from '../../kit/destination.ts';
import { kafkaCheckNames } from './check.ts';
import { kafkaFields, readKafkaSettings } from './configuration.ts';
import { openConnection } from './open-connection.ts';
import { topicModes } from './topic.ts';

/** Messages in the topics of a Kafka cluster. */
export const kafkaDestination: DestinationDefinition = {
  slug: 'kafka',
  name: 'Apache Kafka',
  category: 'stream',
  description:
    'Send rows as messages to topics of Kafka, Confluent or Redpanda, with tombstones for rows that left.',
  docsUrl: '/docs/destinations/kafka',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#2B2F36"/><g fill="none" stroke="#fff" stroke-width="1.500"><circle cx="9" cy="7" r="1.800"/><circle cx="9" cy="12" r="2.200"/><circle cx="9" cy="17" r="1.800"/><circle cx="15.500" cy="9.200" r="1.800"/><circle cx="15.500" cy="14.800" r="1.800"/><path d="M11 11l2.900-1.200M11 13l2.900 1.200"/></g></svg>',
  fields: kafkaFields,
  checks: kafkaCheckNames,
  writes: [
    {
      object: 'Topics',
      modes: topicModes,
      matchKeys: 'the key of the message',
      batch: { rows: 2_000 },
      limits: "the topic's largest message; 4 producers in a worker",
    },
  ],
  testedAgainst: 'the client against brokers that check sums, sequences, leaders and sign-in',
  cannotTellRepeat: true,
  assertConfiguration: readKafkaSettings,
  open: openConnection,
};
