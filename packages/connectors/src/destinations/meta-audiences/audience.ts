import { SluiceError } from '@sluice/domain/error';
import type { ApiClient, ApiSession } from '../../kit/http/api-client.ts';
import { type ApiAnswer, type ApiRequest, apiPath, jsonText } from '../../kit/http/api-request.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { proofOf } from './client.ts';
import type { MetaConfiguration } from './configuration.ts';

/** An audience that is made of lists of people. */
export interface Audience {
  readonly id: string;
  readonly name: string;
}

export interface NewAudience {
  readonly name: string;
  readonly source: string;
}

/** Every audience of the account that people can be added to. `get` sends a reading request. */
async function listBy(
  get: (request: ApiRequest) => Promise<ApiAnswer>,
  configuration: MetaConfiguration,
): Promise<Audience[]> {
  const audiences: Audience[] = [];
  for (let after: string | undefined; ; ) {
    const { body } = await get({
      method: 'GET',
      path: apiPath`/act_${configuration.adAccountId}/customaudiences`,
      query: { fields: 'id,name,subtype', limit: 200, after, appsecret_proof: proofOf(configuration) },
      reads: true,
    });
    const page = valueAtPath(body, 'data');
    for (const one of Array.isArray(page) ? (page as unknown[]) : []) {
      if (valueAtPath(one, 'subtype') !== 'CUSTOM') continue;
      audiences.push({ id: String(valueAtPath(one, 'id')), name: String(valueAtPath(one, 'name')) });
    }
    const next = valueAtPath(body, 'paging.cursors.after');
    if (typeof next !== 'string' || typeof valueAtPath(body, 'paging.next') !== 'string') return audiences;
    after = next;
  }
}

export const listAudiences = (client: ApiClient, configuration: MetaConfiguration): Promise<Audience[]> =>
  listBy((request) => client.read(request), configuration);

/** The id of the audience with this name, which is made when nobody has. Throws `conflict` when several have it. */
export async function findOrCreate(
  session: ApiSession,
  configuration: MetaConfiguration,
  { name, source }: NewAudience,
): Promise<string> {
  const named = (await listBy(session.send, configuration)).filter((one) => one.name === name);
  if (named.length > 1) {
    throw new SluiceError(
      'destination_failed',
      `The account has ${named.length} audiences named "${name}".`,
      {
        fix: 'Choose one of them in the sync instead of a name.',
      },
    );
  }
  if (named[0]) return named[0].id;
  const { body } = await session.send({
    method: 'POST',
    path: apiPath`/act_${configuration.adAccountId}/customaudiences`,
    query: { appsecret_proof: proofOf(configuration) },
    body: jsonText(
      JSON.stringify({
        name,
        subtype: 'CUSTOM',
        customer_file_source: source,
        description: 'Kept up to date by Sluice.',
        // Two workers may come at once.
        enable_fetch_or_create: true,
      }),
    ),
    // No person is in it yet: when the answer is lost, it is found by its name.
    reads: true,
  });
  return String(valueAtPath(body, 'id'));
}
