import { expect, test } from 'vitest';
import type { ReceivedRequest } from '../http-server.ts';
import { createVendorSpec } from './vendor-spec.ts';

const contact = {
  type: 'object',
  required: ['email'],
  properties: { email: { type: 'string' }, age: { type: 'integer', nullable: true } },
};
const spec = createVendorSpec({
  openapi: '3.0.0',
  paths: {
    '/contacts/{id}': {
      parameters: [{ $ref: '#/components/parameters/Source' }],
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Contact' } } },
        },
        responses: { 200: { content: { 'application/json': { schema: contact } } } },
      },
    },
  },
  components: {
    schemas: { Contact: contact },
    parameters: { Source: { name: 'source', in: 'query', required: true } },
  },
} as never);

const judge = (path: string, body: unknown, method = 'POST') =>
  spec.judgeRequest(
    {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    } as unknown as ReceivedRequest,
    path,
  );

test('takes what is described, NULL included', () => {
  expect(judge('/contacts/7?source=x', { email: 'a', age: null })).toEqual([]);
});

test.each([
  ['an unknown path', '/people?source=x', { email: 'a' }, /no such operation/],
  ['a missing field', '/contacts/7?source=x', { age: 1 }, /email/],
  ['a wrong type', '/contacts/7?source=x', { email: 'a', age: 'old' }, /age must be integer/],
  ['a missing part of the query', '/contacts/7', { email: 'a' }, /lacks source/],
  ['an unknown part of the query', '/contacts/7?source=x&colour=red', { email: 'a' }, /colour/],
])('objects to %s', (_, path, body, message) => {
  expect(judge(path, body).join()).toMatch(message);
});

test('judges answers too', () => {
  expect(spec.judgeAnswer('POST', '/contacts/7', 200, { email: 'a' })).toEqual([]);
  expect(spec.judgeAnswer('POST', '/contacts/7', 200, {})).toHaveLength(1);
});
