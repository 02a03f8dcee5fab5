import type { SyncConfigurationInput } from '@sluice/domain/sync';
import type { Configuration } from '../kit/source.ts';

/** Where the conformance suite finds real servers. */
export interface Places {
  readonly postgres: { port: number; database: string; user: string; password: string };
  readonly http: { url: string };
  /** Takes connections and says nothing. */
  readonly silentPort: number;
  /** Nobody listens here. */
  readonly closedPort: number;
}

/** What the suite has to know of a connector. A connector without a case fails the suite. */
export interface ConnectorCase {
  /** A configuration that works. */
  working(places: Places): Configuration;
  /** The same at a port where nobody listens, or says nothing; `null` where the connector has no network. */
  at(places: Places, port: number): Configuration | null;
  /** The same with wrong credentials; `null` where there are none. */
  wrongCredentials(places: Places): Configuration | null;
  /** A sync that adds rows with `id` and `name`, for destinations. */
  readonly sync?: SyncConfigurationInput;
}

const postgresql = (places: Places) => ({ host: '127.0.0.1', sslMode: 'disable', ...places.postgres });

const postgresqlCase: ConnectorCase = {
  working: postgresql,
  at: (places, port) => ({ ...postgresql(places), port }),
  wrongCredentials: (places) => ({ ...postgresql(places), password: 'not the password' }),
};

export const sourceCases: Record<string, ConnectorCase> = {
  postgresql: postgresqlCase,
  sample: { working: () => ({}), at: () => null, wrongCredentials: () => null },
};

export const destinationCases: Record<string, ConnectorCase> = {
  postgresql: {
    ...postgresqlCase,
    sync: {
      object: 'public.conformance',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  },
  'http-request': {
    working: ({ http }) => ({ baseUrl: http.url, headers: [] }),
    at: (_places, port) => ({ baseUrl: `http://127.0.0.1:${port}`, headers: [] }),
    wrongCredentials: ({ http }) => ({
      baseUrl: `${http.url}/refuse`,
      headers: [{ name: 'Authorization', value: 'Bearer wrong-token', secret: true }],
    }),
    sync: {
      object: 'request',
      mode: 'trigger',
      triggers: ['added'],
      options: { added: { url: '/rows' }, batchSize: 10 },
    },
  },
};
