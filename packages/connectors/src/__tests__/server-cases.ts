import { startKafkaServer } from '@sluice/testing/kafka/kafka-server';
import { startS3Server } from '@sluice/testing/s3/s3-server';
import { sftpHostKey, startSftpServer } from '@sluice/testing/sftp/sftp-server';
import type { ApiCase } from './api-case.ts';

/** A destination that is asked at a server of its own, which is none of HTTP APIs. */
export interface ServerCase extends Pick<ApiCase, 'working' | 'wrongCredentials' | 'sync'> {
  readonly record?: ApiCase['record'];
  start(): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }>;
}

const columns = ['id', 'name'].map((name) => ({ type: 'column' as const, from: name, to: name }));
const files = { object: 'file', mode: 'insert', mappings: columns } as const;

const s3 = {
  bucket: 'acme',
  region: 'us-east-1',
  pathStyle: true,
  accessKeyId: 'AKIASLUICETEST000001',
  secretAccessKey: 'test/secret+key/of/forty/characters/00001',
};

const sftp = (url: string, password = 'open sesame') => ({
  host: '127.0.0.1',
  port: Number(url.split(':').at(-1)),
  hostKey: sftpHostKey,
  user: 'sluice',
  password,
  directory: 'out',
});

const kafka = (url: string, password = 'open sesame') => ({
  brokers: url.replace('http://', ''),
  authentication: 'scram-sha-256',
  user: 'sluice',
  password,
  sslMode: 'disable',
});

export const serverCases: Record<string, ServerCase> = {
  kafka: {
    start: () => startKafkaServer({ login: { user: 'sluice', password: 'open sesame' } }),
    working: (url) => kafka(url),
    wrongCredentials: (url) => kafka(url, 'wrong'),
    sync: {
      object: 'people',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'key' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  },
  sftp: {
    start: () => startSftpServer(),
    working: (url) => sftp(url),
    wrongCredentials: (url) => sftp(url, 'wrong'),
    sync: files,
  },
  'amazon-s3': {
    start: () => startS3Server(),
    working: (url) => ({ ...s3, endpoint: url }),
    wrongCredentials: (url) => ({ ...s3, endpoint: url, secretAccessKey: 'wrong' }),
    sync: files,
  },
};
