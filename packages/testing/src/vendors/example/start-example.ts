import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';

/** What the fake account holds. */
export interface ExampleState {
  readonly contacts: Map<string, Record<string, unknown>>;
}

export const exampleKey = 'example-key-0123456789';

/** An Example CRM account. Say here what the fake takes from where: the vendor's description, its documentation. */
export const startExample = (): Promise<VendorServer<ExampleState>> =>
  startVendor<ExampleState>({
    // The name of the vendor's description, so that every request is judged by it.
    spec: null,
    state: { contacts: new Map() },
    authorised: ({ headers }) => headers.authorization === `Bearer ${exampleKey}`,
    unauthorised: { status: 401, body: { message: 'The key is not valid.' } },
    handle,
  });

function handle(request: ReceivedRequest, { contacts }: ExampleState): HttpAnswer {
  switch (`${request.method} ${request.path}`) {
    case 'GET /v1/me':
      return { body: { account: 1 } };
    case 'GET /v1/fields':
      return {
        body: {
          fields: [
            { name: 'email', label: 'E-mail', unique: true },
            { name: 'name', label: 'Name' },
          ],
        },
      };
    case 'POST /v1/contacts/batch': {
      const { contacts: given } = request.json<{
        contacts: { email: string; fields: Record<string, unknown> }[];
      }>();
      if (given.length > 100) return { status: 400, body: { message: 'at most 100 contacts' } };
      const results = given.map(({ email, fields }) => {
        if (!email.includes('@'))
          return { error: { code: 'INVALID_EMAIL', message: `${email} is not an e-mail address` } };
        contacts.set(email, { ...contacts.get(email), ...fields });
        return { id: email };
      });
      return { body: { results } };
    }
    case 'POST /v1/contacts/batch-delete':
      for (const email of request.json<{ emails: string[] }>().emails) contacts.delete(email);
      return { body: {} };
    default:
      return { status: 404, body: { message: 'no such path' } };
  }
}
