import type { BigQuery } from '@google-cloud/bigquery';
import { untilAborted } from '../../kit/aborted.ts';
import type { ConnectContext, GrantedAccess } from '../../kit/context.ts';
import { egressProxy } from '../../kit/egress-proxy.ts';
import { pause } from '../../kit/pause.ts';
import { bigqueryAccess } from './access.ts';
import type { BigQuerySettings } from './configuration.ts';
import { bigqueryError, isPassing } from './error.ts';
import { getJson } from './get-json.ts';

/** The vendor's client behind the guard, with access that is renewed when it is refused. */
export interface BigQueryClient {
  /**
   * Does something with the vendor's client, again when the service is busy: it must be harmless when it is done twice.
   * Throws SluiceErrors with `source_*`, `query_*` or `egress_refused` codes, and the signal's reason when it aborts.
   */
  call<T>(work: (client: BigQuery) => Promise<T>): Promise<T>;
  /** Has access in hand. Throws like `call`. */
  signIn(): Promise<void>;
  /** `GET` of a path below a project, as the vendor answers it. */
  get<T>(path: string, query: Query, project?: string): Promise<T>;
}

type Query = Readonly<Record<string, string | number | boolean>>;

/** Pauses before a request is made again. */
const pausesMs = [500, 1_000, 2_000, 4_000];
/** How long BigQuery is asked to hold back an answer while a query runs. */
export const answerMs = 10_000;

export function createBigQueryClient(settings: BigQuerySettings, context: ConnectContext): BigQueryClient {
  const { signal } = context;
  const access = bigqueryAccess(settings, context);
  let opened: Promise<BigQuery> | null = null;
  const client = (): Promise<BigQuery> => {
    opened ??= open(settings, context, access);
    return opened;
  };
  const call = async <T>(work: (client: BigQuery) => Promise<T>): Promise<T> => {
    let renewed = false;
    for (let attempt = 0; ; ) {
      // Asked for here as well: refusals keep their words, which the vendor's client would wrap.
      const token = await untilAborted(access.token(), signal);
      try {
        return await untilAborted(work(await client()), signal);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        if (isUnauthorised(thrown) && !renewed) {
          renewed = true;
          await access.renew(token);
          continue;
        }
        const pauseMs = isPassing(thrown) ? pausesMs[attempt] : undefined;
        if (pauseMs === undefined) throw bigqueryError(thrown, settings);
        attempt += 1;
        await pause(pauseMs * (1 + Math.random() / 2), signal);
      }
    }
  };
  return {
    call,
    signIn: async () => {
      await untilAborted(access.token(), signal);
    },
    get: <T>(path: string, query: Query, project = settings.project) => {
      const url = new URL(`/bigquery/v2/projects/${encodeURIComponent(project)}${path}`, settings.url);
      for (const [name, value] of Object.entries({ ...query, prettyPrint: false }))
        url.searchParams.set(name, String(value));
      const silenceMs = Math.max(context.timeouts.requestMs, answerMs * 2);
      return call(async () => (await getJson(context, url, await access.token(), silenceMs)) as T);
    },
  };
}

const isUnauthorised = (thrown: unknown): boolean => (thrown as { code?: unknown } | null)?.code === 401;

/** Loaded when first needed: most installations have other sources. */
async function open(
  settings: BigQuerySettings,
  { egress, timeouts }: ConnectContext,
  access: GrantedAccess,
): Promise<BigQuery> {
  // Here the guard's own words arrive; through the proxy they would not.
  await egress.resolve(settings.url.hostname, Number(settings.url.port || 443));
  const [{ BigQuery }, proxy] = await Promise.all([import('@google-cloud/bigquery'), egressProxy(egress)]);
  const authClient = {
    getRequestHeaders: async () => new Headers({ authorization: `Bearer ${await access.token()}` }),
  };
  const bigquery = new BigQuery({
    projectId: settings.project,
    apiEndpoint: settings.url.origin,
    ...(settings.location !== null && { location: settings.location }),
    // Of the vendor's many kinds of credentials only this one is wanted: a header with the token of now.
    authClient: authClient as never,
    userAgent: 'Sluice',
    // It knows a busy service by its status alone, and BigQuery says "rate limit" with 403.
    autoRetry: false,
  });
  bigquery.interceptors.push({
    request(request) {
      Object.assign(request, {
        proxy: `http://${proxy.user}:${proxy.password}@${proxy.host}:${proxy.port}`,
        timeout: Math.max(timeouts.requestMs, answerMs * 2),
      });
      return request as never;
    },
  });
  return bigquery;
}
