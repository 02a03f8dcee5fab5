import { expect, test } from 'vitest';
import { type ApiDocument, operationsByTag } from './api-document.ts';

const document: ApiDocument = {
  paths: {
    '/api/v1/syncs/{id}/trigger': {
      post: {
        tags: ['Triggers'],
        summary: 'Run a sync',
        'x-permission': 'sync.trigger',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'idempotency-key', in: 'header', schema: { type: 'string' }, description: 'Any text.' },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Flags' } } } },
        responses: {
          200: {
            description: 'The run',
            content: { 'application/json': { schema: { properties: { id: { type: 'string' } } } } },
          },
          401: { description: 'No' },
        },
      },
    },
  },
  components: {
    schemas: {
      Flags: {
        type: 'object',
        required: ['steps'],
        properties: {
          full: { type: ['boolean', 'null'], description: 'Every row.', default: false },
          steps: { type: 'array', items: { $ref: '#/components/schemas/Step' } },
          id: { readOnly: true },
        },
      },
      Step: { type: 'object', properties: { kind: { type: 'string', enum: ['a', 'b'] } } },
    },
  },
};

test('operations read as lines: parameters, fields inside fields, choices and defaults; nothing that is only answered', () => {
  expect(operationsByTag(document)).toEqual(
    new Map([
      [
        'Triggers',
        [
          {
            id: 'POST-api-v1-syncs-id-trigger',
            method: 'POST',
            path: '/api/v1/syncs/{id}/trigger',
            summary: 'Run a sync',
            permission: 'sync.trigger',
            parameters: [
              { path: 'id', type: 'integer, in the path', required: true, note: '' },
              { path: 'Idempotency-Key', type: 'string, in the header', required: false, note: 'Any text.' },
            ],
            body: [
              {
                path: 'full',
                type: 'boolean or null',
                required: false,
                note: 'Every row. Default false.',
              },
              { path: 'steps', type: 'list of Step', required: true, note: '' },
              { path: 'steps[].kind', type: 'string', required: false, note: 'One of "a", "b".' },
            ],
            answer: {
              description: '200 The run',
              fields: [{ path: 'id', type: 'string', required: false, note: '' }],
            },
          },
        ],
      ],
    ]),
  );
});
