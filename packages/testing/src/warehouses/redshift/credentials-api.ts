import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signatureFault } from '../../s3/signature.ts';

export interface CredentialsApi {
  readonly url: string;
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Users for whom credentials were asked, in order; `''` by a workgroup. */
  readonly asked: string[];
  /** The owner of the key is allowed nothing. */
  denied: boolean;
  close(): Promise<void>;
}

/** Lets a database user in with a password that ends; answers what the user is called then. */
type LetIn = (user: string | null, password: string, until: Date) => Promise<string>;

const cluster = 'acme-cluster';
const workgroup = 'acme-workgroup';

/**
 * The two calls of the Redshift APIs that give out passwords, with signatures that are verified: GetClusterCredentials of the
 * cluster `acme-cluster` and GetCredentials of the workgroup `acme-workgroup`.
 * https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html,
 * https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html (read 2026-11-22)
 */
export async function startCredentialsApi(letIn: LetIn): Promise<CredentialsApi> {
  const accessKeyId = 'AKIASLUICETEST000002';
  const secretAccessKey = 'test/secret+key/of/forty/characters/00002';
  const keys = new Map([[accessKeyId, { secret: secretAccessKey }]]);
  const self = { accessKeyId, secretAccessKey, asked: [] as string[], denied: false };
  const until = () => new Date(Date.now() + 3_600_000);

  const ofCluster = async (form: URLSearchParams): Promise<Answer> => {
    if (self.denied)
      return xmlError(
        403,
        'AccessDenied',
        'User is not authorized to perform: redshift:GetClusterCredentials',
      );
    if (form.get('ClusterIdentifier') !== cluster)
      return xmlError(404, 'ClusterNotFound', `Cluster ${form.get('ClusterIdentifier')} not found.`);
    const [user, password, end] = [form.get('DbUser') ?? '', newPassword(), until()];
    self.asked.push(user);
    const name = await letIn(user, password, end);
    return {
      type: 'text/xml',
      body: `<GetClusterCredentialsResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><GetClusterCredentialsResult><DbUser>${name}</DbUser><DbPassword>${password}</DbPassword><Expiration>${end.toISOString()}</Expiration></GetClusterCredentialsResult></GetClusterCredentialsResponse>`,
    };
  };
  const ofWorkgroup = async (asked: { workgroupName?: string }): Promise<Answer> => {
    const error = (status: number, type: string, message: string): Answer => ({
      status,
      type: 'application/x-amz-json-1.1',
      body: JSON.stringify({ __type: type, message }),
    });
    if (self.denied)
      return error(
        400,
        'AccessDeniedException',
        'User is not authorized to perform: redshift-serverless:GetCredentials',
      );
    if (asked.workgroupName !== workgroup)
      return error(400, 'ResourceNotFoundException', 'The workgroup does not exist.');
    self.asked.push('');
    const [dbPassword, end] = [newPassword(), until()];
    const dbUser = await letIn(null, dbPassword, end);
    return {
      type: 'application/x-amz-json-1.1',
      body: JSON.stringify({ dbUser, dbPassword, expiration: end.getTime() / 1_000 }),
    };
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const fault = signatureFault(request, body, keys);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (fault !== null) {
      const message = 'The security token included in the request is invalid.';
      if (target === '') return xmlError(403, fault, message);
      return {
        status: 400,
        type: 'application/x-amz-json-1.1',
        body: JSON.stringify({ __type: 'UnrecognizedClientException', message }),
      };
    }
    if (target === 'RedshiftServerless.GetCredentials') return ofWorkgroup(JSON.parse(body.toString('utf8')));
    const form = new URLSearchParams(body.toString('utf8'));
    if (form.get('Action') === 'GetClusterCredentials') return ofCluster(form);
    return xmlError(400, 'InvalidAction', `Unknown action ${target}${form.get('Action')}`);
  };
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status = 200, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (thrown) => response.writeHead(500).end(String(thrown)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(self, {
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

const newPassword = (): string => randomBytes(24).toString('hex');

const xmlError = (status: number, code: string, message: string): Answer => ({
  status,
  type: 'text/xml',
  body: `<ErrorResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
});
