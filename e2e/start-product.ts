import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { stopPostgres, testCluster } from '@sluice/testing/postgres';
import { startHubspot } from '@sluice/testing/vendors/hubspot/start-hubspot';
import { startOAuthVendor } from '@sluice/testing/vendors/start-oauth-vendor';

const root = resolve(import.meta.dirname, '..');

/**
 * Starts the whole product as `npm start` does, in an empty data directory, beside what a customer would have: a
 * PostgreSQL of their own and an HTTP endpoint. Answers the function that stops all of it.
 */
export default async function startProduct(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
  const customer = await testCluster();
  const endpoint = await startEndpoint();
  // A vendor that people sign in at, and its API.
  const client = { id: 'sluice-client', secret: randomBytes(16).toString('hex') };
  const signIn = await startOAuthVendor(client, '/oauth/v1/token');
  const crm = await startHubspot((token) => signIn.given.includes(token));
  const port = await freePort();
  // An SSH server, which the journey that needs it starts.
  const bastion = { port: await freePort() };
  const account = {
    INIT_USER_EMAIL: 'operator@example.com',
    INIT_USER_PASSWORD: randomBytes(16).toString('hex'),
    INIT_WORKSPACE_NAME: 'Operations',
    INIT_API_TOKEN: `slc_${randomBytes(32).toString('hex')}`,
  };
  const product = spawn(process.execPath, ['apps/supervisor/src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: directory,
      EGRESS_ALLOW: [customer, endpoint, signIn, crm, bastion]
        .map((one) => `127.0.0.1:${one.port}`)
        .join(','),
      OAUTH_CLIENTS: `hubspot:${client.id}:${client.secret}:${signIn.url}`,
      RETRY_BASE_MS: '50',
      ...account,
      DATABASE_URL: '',
      REDIS_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await ready(product);
  const keys: { demoPassword: string } = JSON.parse(await readFile(join(directory, 'keys.json'), 'utf8'));
  Object.assign(process.env, {
    E2E_URL: `http://localhost:${port}`,
    E2E_DEMO_PASSWORD: keys.demoPassword,
    E2E_CUSTOMER_DATABASE: customer.url('postgres'),
    E2E_ENDPOINT: endpoint.url,
    E2E_CRM: crm.url,
    E2E_BASTION_PORT: String(bastion.port),
    E2E_OPERATOR_EMAIL: account.INIT_USER_EMAIL,
    E2E_OPERATOR_PASSWORD: account.INIT_USER_PASSWORD,
    E2E_OPERATOR_TOKEN: account.INIT_API_TOKEN,
  });
  return async () => {
    const ended = new Promise((resolveEnd) => product.once('exit', resolveEnd));
    product.kill('SIGTERM');
    await ended;
    for (const server of [endpoint, signIn, crm]) await server.close();
    await stopPostgres();
    await rm(directory, { recursive: true, force: true });
  };
}

/** Takes rows and refuses those without an e-mail address, as many a tool does. */
function startEndpoint(): Promise<HttpServer> {
  return startHttpServer((request) => {
    const row = JSON.parse(request.body || '{}') as { email?: string | null };
    return row.email
      ? { status: 200, body: { ok: true } }
      : { status: 422, body: { message: 'email is required' } };
  });
}

function ready(product: ChildProcess): Promise<void> {
  let output = '';
  return new Promise((resolveReady, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Sluice is ready')) resolveReady();
    };
    product.stdout?.on('data', read);
    product.stderr?.on('data', read);
    product.once('exit', (code) =>
      reject(new Error(`The product ended with code ${code} before it was ready:\n${output}`)),
    );
  });
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => resolvePort(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
