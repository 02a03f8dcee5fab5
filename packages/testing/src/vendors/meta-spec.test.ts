import { expect, test } from 'vitest';
import type { ReceivedRequest } from '../http-server.ts';
import { openApiOfMeta } from './meta-spec.ts';
import { createVendorSpec } from './vendor-spec.ts';

const spec = createVendorSpec(
  openApiOfMeta({
    objects: {
      AdAccount: {
        apis: [
          {
            method: 'POST',
            endpoint: 'customaudiences',
            params: [
              { name: 'name', required: true, type: 'string' },
              { name: 'subtype', required: false, type: 'subtype_enum' },
            ],
          },
        ],
      },
    },
    enums: [{ name: 'subtype_enum', values: ['CUSTOM'] }],
  }),
);
const judge = (path: string, body: unknown): string =>
  spec
    .judgeRequest(
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      } as unknown as ReceivedRequest,
      path,
    )
    .join();

test('takes what Meta describes', () => {
  expect(judge('/act_7/customaudiences?appsecret_proof=x', { name: 'a', subtype: 'CUSTOM' })).toBe('');
});

test.each([
  ['an unknown path', '/act_7/people', { name: 'a' }, /no such operation/],
  ['an unknown member', '/act_7/customaudiences', { name: 'a', colour: 'red' }, /colour/],
  ['a missing one', '/act_7/customaudiences', {}, /name/],
  ['a value that is not offered', '/act_7/customaudiences', { name: 'a', subtype: 'MINE' }, /CUSTOM/],
])('objects to %s', (_, path, body, message) => {
  expect(judge(path, body)).toMatch(message);
});
