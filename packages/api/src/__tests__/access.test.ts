import { SluiceError } from '@sluice/domain/error';
import type { ErrorCode } from '@sluice/domain/error-code';
import { type Permission, permissions, permissionsOfRole, type Role, roles } from '@sluice/domain/permission';
import type { SessionClaim } from '@sluice/services/session/resolve-session';
import { createTestMember, type TestMember } from '@sluice/services/testing/create-test-member';
import { createTestResources } from '@sluice/services/testing/create-test-resources';
import { dumpTables } from '@sluice/services/testing/dump-tables';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { TRPCError } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../trpc/context.ts';
import type { ProcedureMeta } from '../trpc/procedure.ts';
import { appRouter, createCaller } from '../trpc/router.ts';
import { type CallIds, type ProcedureCalls, procedureInputs } from './procedure-inputs.ts';

/** The calls are made by name, so their types are those of no procedure in particular. */
type AnyProcedure = { _def: { type: 'query' | 'mutation' | 'subscription'; meta?: ProcedureMeta } };
type AnyCaller = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>).map(
  ([path, { _def }]) => {
    const [noun = '', verb = ''] = path.split('.');
    const calls: ProcedureCalls | undefined = procedureInputs[noun]?.[verb];
    return { path, noun, verb, calls, type: _def.type, permission: _def.meta?.permission };
  },
);

const mark = 'victim';
const nowhereUuid = '00000000-0000-4000-8000-000000000000';
let ctx: TestContext;
let ids: CallIds;
/** The same ids, but of things that do not exist anywhere. */
let missing: CallIds;
let stranger: TestMember;
let members: Record<Role, TestMember>;

beforeAll(async () => {
  ctx = await openTestContext();
  const entries: [Role, TestMember][] = [];
  for (const role of [...roles].reverse()) entries.push([role, await createTestMember(ctx, mark, role)]);
  members = Object.fromEntries(entries) as Record<Role, TestMember>;
  stranger = await createTestMember(ctx, 'stranger', 'admin');
  const foreign = await createTestResources(ctx, members.admin.actor.workspaceId, mark);
  const own = await createTestResources(ctx, stranger.actor.workspaceId, 'own');
  ids = { own, foreign: { ...foreign, userId: members.viewer.person.userId } };
  const nowhere = Object.fromEntries(
    Object.keys(ids.foreign).map((name) => [
      name,
      /^(sequence|dryRun)/.test(name) ? nowhereUuid : 2_000_000_000,
    ]),
  ) as unknown as CallIds['foreign'];
  missing = { own, foreign: nowhere };
});
afterAll(() => ctx.close());

/** Calls a procedure; answers what it answered, or the code and text of its refusal. */
async function call(
  procedure: (typeof procedures)[number],
  input: unknown,
  as: { session: SessionClaim | null; workspaceSlug: string | null },
): Promise<{ code: ErrorCode | 'ok'; text: string }> {
  const context = createContext({ ...as, requestId: 'test', address: '192.0.2.1', services: ctx });
  const leave = new AbortController();
  const caller = createCaller(context, { signal: leave.signal }) as unknown as AnyCaller;
  try {
    let answer = await caller[procedure.noun]?.[procedure.verb]?.(input);
    if (procedure.type === 'subscription') {
      const stream = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      answer = await stream.next();
    }
    return { code: 'ok', text: JSON.stringify(answer) ?? '' };
  } catch (thrown) {
    const cause = thrown instanceof TRPCError ? thrown.cause : thrown;
    if (cause instanceof SluiceError) return { code: cause.code, text: `${cause.message} ${cause.fix}` };
    throw thrown;
  } finally {
    leave.abort();
  }
}

const nobody = { session: null, workspaceSlug: mark };
const inputOf = (calls: ProcedureCalls | undefined, from: CallIds) =>
  (calls?.plain ?? calls?.reach?.[0])?.(from);

test('every procedure names a permission, and this test knows how to call it', () => {
  const known = Object.entries(procedureInputs).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  );
  expect(known.sort()).toEqual(procedures.map(({ path }) => path).sort());
  const names = new Set<string>(['self', 'public', ...Object.keys(permissions)]);
  expect(procedures.filter(({ permission }) => !permission || !names.has(permission))).toEqual([]);
});

test('exactly these procedures are for anybody', () => {
  const open = procedures.filter(({ permission }) => permission === 'public').map(({ path }) => path);
  expect(open.sort()).toEqual(['account.signUp', 'invitation.get']);
});

describe.each(procedures.filter(({ permission }) => permission !== 'public'))('$path', (procedure) => {
  const { calls, permission } = procedure;
  const inWorkspace = permission !== 'self';

  test('refuses who is not signed in, or whose session has ended', async () => {
    const input = inputOf(calls, ids);
    expect((await call(procedure, input, nobody)).code).toBe('unauthenticated');
    const session = { ...members.admin.session, sessionVersion: 99 };
    expect((await call(procedure, input, { session, workspaceSlug: mark })).code).toBe('unauthenticated');
  });

  if (!inWorkspace) return;

  test('does not exist for a member of another workspace, who names this one', async () => {
    const before = await dumpTables(ctx, members.admin.actor.workspaceId);
    for (const build of [calls?.plain, ...(calls?.reach ?? [])]) {
      const refused = await call(procedure, build?.(ids), {
        session: stranger.session,
        workspaceSlug: mark,
      });
      expect(refused.code).toBe('not_found');
      const nowhere = { session: stranger.session, workspaceSlug: 'no-such-workspace' };
      expect(await call(procedure, build?.(ids), nowhere)).toEqual(refused);
    }
    expect(await dumpTables(ctx, members.admin.actor.workspaceId)).toEqual(before);
  });

  const { reach } = calls ?? {};
  if (reach) {
    test('answers foreign ids like ids that do not exist', async () => {
      const before = await dumpTables(ctx, members.admin.actor.workspaceId);
      for (const build of reach) {
        const refused = await call(procedure, build(ids), stranger);
        expect(refused.code).toBe(calls?.refusal ?? 'not_found');
        const absent = await call(procedure, build(missing), stranger);
        expect({ ...refused, text: withoutIds(refused.text) }).toEqual({
          ...absent,
          text: withoutIds(absent.text),
        });
      }
      expect(await dumpTables(ctx, members.admin.actor.workspaceId)).toEqual(before);
    });
  }
  if (!reach || calls?.plain) {
    test('answers nothing of another workspace', async () => {
      expect((await call(procedure, calls?.plain?.(ids), stranger)).text).not.toContain(mark);
    });
  }

  test.each(roles)('lets a %s in as the permission says', async (role) => {
    const allowed = permissionsOfRole(role).has(permission as Permission);
    const { code } = await call(procedure, inputOf(calls, missing), members[role]);
    if (allowed) expect(['forbidden', 'unauthenticated']).not.toContain(code);
    else expect(code).toBe('forbidden');
    expect(code).not.toBe('internal');
  });
});

/** Ids are in some texts, and may be: the one who reads them wrote them. */
const withoutIds = (text: string) => text.replace(/\d+/g, 'N');
