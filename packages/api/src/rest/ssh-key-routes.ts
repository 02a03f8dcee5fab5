import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { SshKeyView } from '@sluice/domain/ssh-key';
import { getSshKey } from '@sluice/services/ssh-key/get-ssh-key';
import { rotateSshKey } from '@sluice/services/ssh-key/rotate-ssh-key';
import { conflict, errors, guard, json } from './guard.ts';
import type { RestEnv } from './rest-env.ts';

const SshKeyJson = z
  .object({
    publicKey: z.string().describe('One line, as it stands in authorized_keys.'),
    fingerprint: z.string().describe('SHA256:…, as ssh-keygen -l shows it.'),
    createdAt: z.iso.datetime(),
    previousPublicKey: z
      .string()
      .nullable()
      .describe('The line before, which is taken until the next rotation.'),
  })
  .openapi('SshKey');

const tags = ['SSH key'];

const get = createRoute({
  ...guard('workspace.read'),
  tags,
  method: 'get',
  path: '/ssh-key',
  summary: 'Get the public key that the workspace signs in with at SSH servers',
  responses: { ...json(SshKeyJson, 'The key'), ...errors },
});
const rotate = createRoute({
  ...guard('workspace.manage'),
  tags,
  method: 'post',
  path: '/ssh-key/rotate',
  summary: 'Give the workspace a new SSH key; the one before works until the next rotation',
  responses: { ...json(SshKeyJson, 'The new key'), ...errors, ...conflict },
});

/** Routes below `/ssh-key`. */
export function addSshKeyRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(get, async ({ env, json: answer }) =>
    answer(sshKeyJson(await getSshKey(env.services, env.actor)), 200),
  );
  app.openapi(rotate, async ({ env, json: answer }) =>
    answer(sshKeyJson(await rotateSshKey(env.services, env.actor)), 200),
  );
}

const sshKeyJson = ({ createdAt, ...view }: SshKeyView) => ({ ...view, createdAt: createdAt.toISOString() });
