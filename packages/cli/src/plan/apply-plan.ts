import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { ApiConnection, ApiModel, ApiSequence, ApiSync } from '../api/resources.ts';
import { nounOf, pathOf, type ResourceId } from '../kind.ts';
import type { Catalogue } from './catalogue.ts';
import { compareConfiguration, type Environment } from './compare-connection.ts';
import { changesBetween } from './field-change.ts';
import type { PlannedChange } from './make-plan.ts';
import type { PreparedPlan } from './prepare-plan.ts';
import { existingConnection, existingModel, existingSequence, existingSync } from './read-workspace.ts';
import { type IdOf, requestBody } from './request-body.ts';

export interface AppliedPlan {
  readonly done: readonly PlannedChange[];
  /** Why it stopped, and at what; `null` when everything was done. */
  readonly failure: { readonly at: PlannedChange; readonly error: unknown } | null;
  readonly left: readonly PlannedChange[];
}

/**
 * Carries out a plan in its order, and stops at the first failure: what was done stays done. `onDone` hears of each
 * change, with the fields that the server did not take as they were written.
 */
export async function applyPlan(
  api: ApiClient,
  { plan, workspace, catalogue }: PreparedPlan,
  options: { environment: Environment; onDone: (change: PlannedChange, ignored: string[]) => void },
): Promise<AppliedPlan> {
  const made = new Map<string, ResourceId>();
  const idOf: IdOf = (kind, slug) => {
    const id = made.get(`${kind}/${slug}`) ?? workspace[kind].get(slug)?.id;
    if (id !== undefined) return id;
    throw new SluiceError('not_found', `There is no ${nounOf(kind)} "${slug}".`);
  };
  for (const [index, change] of plan.changes.entries()) {
    try {
      const { id, ignored } = await applyChange(api, change, {
        catalogue,
        idOf,
        environment: options.environment,
      });
      made.set(`${change.kind}/${change.slug}`, id);
      options.onDone(change, ignored);
    } catch (error) {
      return {
        done: plan.changes.slice(0, index),
        failure: { at: change, error },
        left: plan.changes.slice(index + 1),
      };
    }
  }
  return { done: plan.changes, failure: null, left: [] };
}

async function applyChange(
  api: ApiClient,
  change: PlannedChange,
  how: { catalogue: Catalogue; environment: Environment; idOf: IdOf },
): Promise<{ id: ResourceId; ignored: string[] }> {
  const path = change.id === null ? pathOf(change.kind) : `${pathOf(change.kind)}/${change.id}`;
  if (change.action === 'remove') {
    await api.send(z.null(), path, { method: 'DELETE' });
    return { id: change.id ?? 0, ignored: [] };
  }
  const request = {
    method: change.action === 'create' ? ('POST' as const) : ('PATCH' as const),
    body: requestBody(change, how.environment, how.idOf),
    repeatable: change.action === 'update',
  };
  const wanted = change.definition as Record<string, unknown>;
  const differing = (current: unknown) => changesBetween(current, wanted).map(({ path: field }) => field);
  if (change.kind === 'models') {
    const answer = await api.send(ApiModel, path, request);
    return { id: answer.id, ignored: differing(existingModel(answer, String(wanted.source)).definition) };
  }
  if (change.kind === 'syncs') {
    const answer = await api.send(ApiSync, path, request);
    const now = existingSync(answer, String(wanted.model), String(wanted.destination));
    return { id: answer.id, ignored: differing(now.definition) };
  }
  if (change.kind === 'sequences') {
    const answer = await api.send(ApiSequence, path, request);
    return { id: answer.id, ignored: differing(existingSequence(answer).definition) };
  }
  const answer = existingConnection(await api.send(ApiConnection, path, request));
  const { type, configuration } = change.definition as typeof answer.definition;
  const fields = how.catalogue[change.kind].get(type) ?? {};
  const changes = compareConfiguration(
    configuration,
    answer.definition.configuration,
    fields,
    how.environment,
  );
  return { id: answer.id, ignored: changes.map(({ path: field }) => field) };
}
