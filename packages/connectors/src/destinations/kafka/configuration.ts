import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import { parseHostPort } from '../../kit/host-port.ts';
import { pgFields } from '../../kit/pg-settings.ts';
import type { Configuration } from '../../kit/source.ts';

/** How to reach and enter a cluster. */
export interface KafkaSettings {
  /** `host:port` of brokers to begin with; they name the others. */
  readonly brokers: readonly string[];
  readonly login: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  } | null;
  readonly sslMode: 'disable' | 'require' | 'verify-full';
  readonly sslCa: string | null;
}

const signsIn = { field: 'authentication', values: ['plain', 'scram-sha-256', 'scram-sha-512'] };

export const kafkaFields: readonly ConfigField[] = [
  {
    name: 'brokers',
    label: 'Brokers',
    kind: 'text',
    help: 'One or more to begin with, as host:port with commas between them. Sluice must be able to reach the others that they name.',
    placeholder: 'b1.kafka.example.com:9092,b2.kafka.example.com:9092',
    secret: false,
    required: true,
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'authentication',
    label: 'Sign in with',
    kind: 'select',
    help: 'SASL, as the listener of the brokers asks for it. Confluent Cloud: plain, with the API key as user.',
    secret: false,
    required: true,
    default: 'none',
    options: [
      { value: 'none', label: 'Nothing' },
      { value: 'plain', label: 'SASL plain' },
      { value: 'scram-sha-256', label: 'SASL SCRAM-SHA-256' },
      { value: 'scram-sha-512', label: 'SASL SCRAM-SHA-512' },
    ],
  },
  {
    name: 'user',
    label: 'User',
    kind: 'text',
    help: 'Or an API key.',
    placeholder: 'sluice',
    secret: false,
    required: true,
    visibleWhen: signsIn,
  },
  {
    name: 'password',
    label: 'Password',
    kind: 'password',
    help: 'Or the secret of the API key. Stored encrypted and never shown again.',
    secret: true,
    required: true,
    visibleWhen: signsIn,
  },
  ...pgFields.filter(({ name }) => ['sslMode', 'sslCa'].includes(name)),
];

/** Reads a cluster from its fields. Throws `input_invalid` that names each wrong field. */
export function readKafkaSettings(configuration: Configuration): KafkaSettings {
  const fields: Record<string, string> = {};
  const text = (name: string): string => {
    const value = configuration[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const brokers = text('brokers')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (brokers.length === 0 || brokers.some((one) => parseHostPort(one) === null)) {
    fields['configuration.brokers'] = 'Enter host:port, such as kafka.example.com:9092.';
  }
  const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
  const mechanism = mechanisms.find((one) => one === text('authentication')) ?? null;
  const username = text('user');
  const password = typeof configuration.password === 'string' ? configuration.password : '';
  if (mechanism !== null && username === '') fields['configuration.user'] = 'User is missing.';
  if (mechanism !== null && password === '') fields['configuration.password'] = 'Password is missing.';
  const modes = ['disable', 'require', 'verify-full'] as const;
  const sslMode = modes.find((mode) => mode === (configuration.sslMode ?? 'require'));
  if (!sslMode) fields['configuration.sslMode'] = `Choose one of ${modes.join(', ')}.`;
  if (Object.keys(fields).length > 0 || !sslMode) {
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  }
  return {
    brokers,
    login: mechanism === null ? null : { mechanism, username, password },
    sslMode,
    sslCa: text('sslCa') || null,
  };
}
