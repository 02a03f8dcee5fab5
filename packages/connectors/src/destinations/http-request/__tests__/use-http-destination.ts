import type { ChangeClass } from '@sluice/domain/change';
import type { Row } from '@sluice/domain/column';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { afterEach, beforeEach } from 'vitest';
import type { DestinationWriter } from '../../../kit/destination.ts';
import { configurationOf, createTestContext, type TestContext } from '../../__tests__/destination-context.ts';
import { httpRequestDestination } from '../definition.ts';
import type { HttpRequestOptionsInput } from '../options.ts';

/** A server of its own for each test, and writers to it with a secret header, in the run 42. */
export function useHttpDestination() {
  const world = {} as { server: HttpServer; context: TestContext };
  beforeEach(async () => {
    world.server = await startHttpServer();
    world.context = createTestContext([world.server.port], { timeouts: { connectMs: 500, requestMs: 400 } });
  });
  afterEach(async () => {
    await world.context.close();
    await world.server.close();
  });
  return Object.assign(world, {
    writerOf(
      options: HttpRequestOptionsInput,
      { baseUrl = `${world.server.url}/api`, triggers = ['added'] as ChangeClass[] } = {},
    ): Promise<DestinationWriter> {
      const connection = httpRequestDestination.open(
        {
          baseUrl,
          headers: [
            { name: 'Authorization', value: 'Bearer s3cr3t-t0ken', secret: true },
            { name: 'X-Team', value: 'growth', secret: false },
          ],
        },
        world.context,
      );
      return connection.writer(
        configurationOf({ object: 'request', mode: 'trigger', triggers, options: { ...options } }),
        { 'run-id': 42 },
      );
    },
  });
}

/** Rows with nothing but an id, which is their key as well. */
export const rowsOf = (...ids: number[]) => ids.map((id) => ({ key: String(id), row: { id } as Row }));
