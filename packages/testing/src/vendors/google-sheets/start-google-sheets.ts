import { generateKeyPairSync, verify } from 'node:crypto';
import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';
import { openVendorSpec } from '../vendor-spec.ts';
import {
  applyChange,
  type FakeChange,
  type FakeSpreadsheet,
  Refused,
  readRange,
} from './fake-spreadsheet.ts';

export interface SheetsState {
  readonly books: Map<string, FakeSpreadsheet>;
  /** Cells of a spreadsheet. */
  cellsMax: number;
  tokens: number;
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const email = 'sluice@acme.iam.gserviceaccount.com';
export const bookId = '1AbCdEfGhIjKlMnOp';

/** The file that Google gives for a service account; `stranger` = of an account that nobody knows. */
export const sheetsKeyFile = (url: string, stranger = false): string =>
  JSON.stringify({
    type: 'service_account',
    client_email: email,
    private_key: (stranger ? foreign : pair).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${url}/token`,
  });

/** An account that sees two spreadsheets; the sheet 0 of the first is empty, 7 has a table and a person's column. */
export function startGoogleSheets(): Promise<VendorServer<SheetsState>> {
  // The description of a spreadsheet is large: it is compiled before anybody waits for an answer.
  const spec = openVendorSpec('google-sheets-discovery');
  spec?.judgeRequest(anyChange, `${anyBook}:batchUpdate`);
  spec?.judgeAnswer('POST', `${anyBook}:batchUpdate`, 200, {});
  spec?.judgeAnswer('GET', anyBook, 200, {});
  spec?.judgeAnswer('GET', `${anyBook}/values/A1`, 200, {});
  return startVendor<SheetsState>({
    spec: 'google-sheets-discovery',
    // Tokens and the list of files belong to other APIs.
    tolerates: (problem) => /^(POST \/token|GET \/drive\/v3\/files): /.test(problem),
    reads: ({ path }) => path === '/token',
    state: {
      cellsMax: 10_000_000,
      tokens: 0,
      books: new Map<string, FakeSpreadsheet>([
        [
          bookId,
          {
            title: 'Customers',
            sheets: [
              { sheetId: 0, title: 'Sheet1', hidden: false, rows: 1000, columns: 26, cells: [] },
              {
                sheetId: 7,
                title: "People's",
                hidden: false,
                rows: 10,
                columns: 4,
                cells: [
                  ['Note', 'id', 'name', 'Total'],
                  ['call', 'a', 'Ada', '=SUM(1)'],
                  ['wait', 'b', 'Bob', 2],
                ],
              },
            ],
          },
        ],
        [
          '2QrStUvWxYz012345',
          {
            title: 'Other',
            sheets: [{ sheetId: 0, title: 'One', hidden: false, rows: 5, columns: 5, cells: [] }],
          },
        ],
      ]),
    },
    authorised: ({ headers, path }) =>
      path === '/token' || /^Bearer ya29\.fake-\d+$/.test(headers.authorization ?? ''),
    unauthorised: failure(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
    throttled: failure(429, 'RESOURCE_EXHAUSTED', "Quota exceeded for quota metric 'Write requests'"),
    handle,
  });
}

const anyBook = '/v4/spreadsheets/any';
const anyChange: Pick<ReceivedRequest, 'method' | 'headers' | 'body'> = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"requests":[]}',
};

function handle(request: ReceivedRequest, state: SheetsState): HttpAnswer {
  const { pathname, searchParams } = new URL(request.path, 'http://google');
  if (pathname === '/token') return giveToken(request, state);
  if (pathname === '/drive/v3/files') {
    const files = [...state.books].map(([id, { title }]) => ({ id, name: title }));
    return searchParams.get('q') ? { body: { files } } : failure(400, 'INVALID_ARGUMENT', 'q');
  }
  const [, id = '', rest = ''] = /^\/v4\/spreadsheets\/([\w-]+)(.*)$/.exec(pathname) ?? [];
  const book = state.books.get(id);
  if (!book) return failure(404, 'NOT_FOUND', 'Requested entity was not found.');
  try {
    if (rest === ':batchUpdate') return { body: change(id, request, state) };
    if (rest.startsWith('/values/')) {
      const range = decodeURIComponent(rest.slice('/values/'.length));
      const values = readRange(book, range).map((column) => column.map((cell) => cell ?? ''));
      return { body: { range, majorDimension: 'COLUMNS', ...(values.length > 0 && { values }) } };
    }
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return failure(400, 'INVALID_ARGUMENT', thrown.message);
  }
  return { body: view(id, book) };
}

/** All requests or none. */
function change(id: string, request: ReceivedRequest, state: SheetsState): object {
  const { requests } = request.json<{ requests: FakeChange[] }>();
  const draft = structuredClone(state.books.get(id)) as FakeSpreadsheet;
  const replies = requests.map((one) => applyChange(draft, one));
  const cells = draft.sheets.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  if (cells > state.cellsMax)
    throw new Refused(
      'This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
    );
  state.books.set(id, draft);
  return { spreadsheetId: id, replies };
}

const view = (id: string, { title, sheets }: FakeSpreadsheet): object => ({
  spreadsheetId: id,
  properties: { title },
  sheets: sheets.map(({ sheetId, title: name, hidden, rows, columns }) => ({
    properties: {
      sheetId,
      title: name,
      sheetType: 'GRID',
      hidden,
      gridProperties: { rowCount: rows, columnCount: columns },
    },
  })),
});

function giveToken(request: ReceivedRequest, state: SheetsState): HttpAnswer {
  const form = new URLSearchParams(request.body);
  const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as Record<string, unknown>;
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    pair.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!signed || said.iss !== email || !String(said.scope).includes('/auth/spreadsheets'))
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
  state.tokens += 1;
  return { body: { access_token: `ya29.fake-${state.tokens}`, expires_in: 3599, token_type: 'Bearer' } };
}

function failure(code: number, status: string, message: string): HttpAnswer {
  return { status: code, body: { error: { code, message, status } } };
}
