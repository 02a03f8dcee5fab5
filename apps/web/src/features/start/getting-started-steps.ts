import type { Permission } from '@sluice/domain/permission';
import type { OverviewView } from '@sluice/domain/workspace';
import type { WorkspacePaths } from '#paths.ts';

export type StepId = OverviewView['steps'][number]['id'];

interface StepWords {
  title: string;
  why: string;
  action: string;
  href: (paths: WorkspacePaths) => string;
  permission: Permission;
}

/** What each step of the list says, and where it is taken. */
export const stepWords: Record<StepId, StepWords> = {
  source: {
    title: 'Connect a source',
    why: 'The database that holds your customers. Reading rights are enough. Or begin with the sample data.',
    action: 'Connect a source',
    href: (paths) => paths.sources.new,
    permission: 'source.write',
  },
  model: {
    title: 'Create a model',
    why: 'A query or table whose rows you want elsewhere, with the column that identifies a row.',
    action: 'Create a model',
    href: (paths) => paths.models.new,
    permission: 'model.write',
  },
  destination: {
    title: 'Connect a destination',
    why: 'The tool or database that should know these rows.',
    action: 'Connect a destination',
    href: (paths) => paths.destinations.new,
    permission: 'destination.write',
  },
  sync: {
    title: 'Create a sync',
    why: 'Says which column goes into which field, and what happens to new, changed and removed rows.',
    action: 'Create a sync',
    href: (paths) => paths.syncs.new,
    permission: 'sync.write',
  },
  run: {
    title: 'Run it and watch',
    why: 'A dry run shows what would be sent. Then run it, and look into every row.',
    action: 'Open the syncs',
    href: (paths) => paths.syncs.list,
    permission: 'sync.trigger',
  },
  token: {
    title: 'Trigger it from your orchestrator',
    why: 'An API token lets Airflow, Dagster, Prefect or a script start syncs.',
    action: 'Create an API token',
    href: (paths) => paths.settings.tokens,
    permission: 'token.manage',
  },
};
