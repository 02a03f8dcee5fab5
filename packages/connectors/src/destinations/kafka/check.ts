import type { CheckResult } from '@sluice/domain/connector';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { KafkaSettings } from './configuration.ts';
import { openCluster } from './connect.ts';

export const kafkaCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach the cluster, sign in and list its topics' },
  { name: 'produce', label: 'Become a producer' },
];

/** Yields the results of `kafkaCheckNames` in order. No message is sent: topics do not forget. */
export function checkKafka(settings: KafkaSettings, context: ConnectContext): AsyncGenerator<CheckResult> {
  const cluster = openCluster(settings, context);
  const steps = {
    sign_in: async () => {
      const topics = await cluster.readTopics();
      const encrypted = settings.sslMode === 'disable' ? 'not encrypted' : 'encrypted';
      const count = topics.length === 1 ? '1 topic' : `${topics.length} topics`;
      if (topics.length > 0)
        return { status: 'passed' as const, message: `The cluster shows ${count}, ${encrypted}.` };
      return {
        status: 'warning' as const,
        message: 'The cluster shows no topics.',
        fix: 'Create a topic, or allow the user to describe it. Sluice creates none.',
      };
    },
    produce: async () => {
      const producer = await cluster.openProducer();
      await producer.disconnect().catch(() => undefined);
      return { status: 'passed' as const, message: 'The cluster gave Sluice the number of a producer.' };
    },
  };
  return runChecks(kafkaCheckNames, steps, context.signal);
}
