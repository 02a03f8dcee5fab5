import type { ApiClient } from '../api/api-client.ts';
import { apiSchemas } from '../api/get-resource.ts';
import { listRuns } from '../api/list-runs.ts';
import {
  type ApiConnection,
  type ApiModel,
  type ApiSequence,
  type ApiSync,
  rowsOf,
} from '../api/resources.ts';
import { kinds, pathOf, readKind } from '../kind.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export interface ListOptions {
  readonly json: boolean;
  /** Of runs: only those of this sync. */
  readonly sync?: string | undefined;
  /** Of runs: how many. */
  readonly limit: number;
}

/** `sluice list`: everything of a kind, as a table or as a JSON array. Throws `input_invalid`. */
export async function list(
  api: ApiClient,
  terminal: Terminal,
  typed: string,
  options: ListOptions,
): Promise<void> {
  const kind = readKind(typed, [...kinds, 'runs'] as const);
  const print = (items: unknown[], head: string[], rows: (string | number | null)[][]) => {
    if (options.json) terminal.out(JSON.stringify(items, null, 2));
    else for (const line of table(head, rows)) terminal.out(line);
  };
  if (kind === 'runs') {
    const runs = await listRuns(api, options);
    const rows = runs.map((run) => [
      run.id,
      run.syncSlug,
      run.status,
      run.createdAt,
      run.finishedAt,
      rowsOf(run.plannedRows),
      rowsOf(run.successfulRows),
      rowsOf(run.failedRows),
    ]);
    print(runs, ['ID', 'SYNC', 'STATUS', 'CREATED', 'FINISHED', 'PLANNED', 'DELIVERED', 'REJECTED'], rows);
    return;
  }
  if (kind === 'models') {
    const models: ApiModel[] = await api.list(apiSchemas.models, '/models');
    const rows = models.map((model) => [
      model.id,
      model.slug,
      model.name,
      model.primaryKey,
      model.lastRunSize,
    ]);
    print(models, ['ID', 'SLUG', 'NAME', 'PRIMARY KEY', 'ROWS'], rows);
    return;
  }
  if (kind === 'syncs') {
    const syncs: ApiSync[] = await api.list(apiSchemas.syncs, '/syncs');
    const rows = syncs.map((sync) => [sync.id, sync.slug, sync.status, sync.lastRunAt]);
    print(syncs, ['ID', 'SLUG', 'STATUS', 'LAST RUN'], rows);
    return;
  }
  if (kind === 'sequences') {
    const sequences: ApiSequence[] = await api.list(apiSchemas.sequences, pathOf(kind));
    const rows = sequences.map(({ id, slug, name, steps, nextRunAt }) => [
      id,
      slug,
      name,
      steps.map(({ syncSlug }) => syncSlug).join(' → '),
      nextRunAt,
    ]);
    print(sequences, ['ID', 'SLUG', 'NAME', 'STEPS', 'NEXT RUN'], rows);
    return;
  }
  const connections: ApiConnection[] = await api.list(apiSchemas[kind], `/${kind}`);
  const rows = connections.map(({ id, slug, name, type }) => [id, slug, name, type]);
  print(connections, ['ID', 'SLUG', 'NAME', 'TYPE'], rows);
}
