import { z } from 'zod';
import { Id } from './id.ts';
import type { ModelImpact } from './model.ts';
import { Name } from './name.ts';
import { PageInput } from './page.ts';
import { Slug } from './slug.ts';

/** Nodes of a manifest that have rows. */
export const dbtNodeKinds = ['model', 'snapshot', 'seed', 'analysis'] as const;
export type DbtNodeKind = (typeof dbtNodeKinds)[number];

/** Larger than the manifests of projects with some ten thousand nodes. */
export const manifestBytesMax = 64 * 1024 * 1024;

const url = z
  .string()
  .trim()
  .max(2000, 'An address has at most 2,000 characters.')
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    message: 'Write a whole address, such as https://git.example.com/shop/raw/main/manifest.json.',
  })
  .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
    message: 'Take the user name and password out of the address, and send them as a header.',
  });

/** One header of the request, such as `Authorization`; its value is kept like a password. */
const header = z.strictObject({
  name: z
    .string()
    .trim()
    .max(100)
    .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'No header is named like this.')
    .refine((name) => !/^(?:host|connection|content-length|transfer-encoding)$/i.test(name), {
      message: 'Sluice sets this header itself.',
    }),
  value: z
    .string()
    .min(1, 'Write the value of the header.')
    .max(4000)
    .regex(/^[\x20-\x7e]*$/, 'A header has letters, digits and signs of ASCII only.'),
});

export const CreateDbtProject = z.strictObject({
  name: Name,
  slug: Slug.optional(),
  sourceId: Id,
  /** Where the manifest is fetched from; `null` = it is uploaded. */
  url: url.nullable().default(null),
  header: header.nullable().default(null),
});
export const UpdateDbtProject = z.strictObject({
  id: Id,
  name: Name.optional(),
  url: url.nullable().optional(),
  /** Left out, the header stays; `null` takes it away. */
  header: header.nullable().optional(),
});
export const ListDbtProjects = z.strictObject({ sourceId: Id.optional() });
export const ListDbtNodes = PageInput.extend({
  projectId: Id,
  /** In names, descriptions, columns and tags. */
  search: z.string().trim().max(200).default(''),
});
export const RefreshDbtProject = z.strictObject({ id: Id, apply: z.boolean().default(true) });

/** What a manifest changes. Lists are cut at 100; the counts are whole. */
export interface ManifestReport {
  /** Whether it was taken, or only compared. */
  applied: boolean;
  dbtVersion: string | null;
  generatedAt: Date | null;
  /** Nodes with rows in it. */
  nodes: number;
  counts: { added: number; changed: number; renamed: number; removed: number };
  added: string[];
  changed: string[];
  renamed: { from: string; to: string }[];
  removed: string[];
  /** Models of Sluice that follow a node that is not as it was. */
  models: FollowerReport[];
}

export interface FollowerReport {
  id: number;
  slug: string;
  name: string;
  uniqueId: string;
  change: 'changed' | 'renamed' | 'removed' | 'returned';
  /** What keeps the model from being read, or its columns from being known; `null` = nothing. */
  problem: string | null;
  syncs: ModelImpact['syncs'];
}

/** What a dbt build led to. */
export interface BuildReport {
  invocationId: string;
  /** The dbt command: `build`, `run`, `seed`, `snapshot`, … */
  command: string;
  generatedAt: Date | null;
  takenAt: Date;
  /** Nodes that were built. */
  built: number;
  /** Nodes and tests that failed: any of them keeps all syncs from starting. */
  failed: string[];
  started: { syncId: number; slug: string; runId: number }[];
  /** Syncs of models that were built, and why they were not started. */
  notStarted: { syncId: number; slug: string; reason: string }[];
}

export interface DbtProjectView {
  id: number;
  name: string;
  slug: string;
  sourceId: number;
  sourceName: string;
  sourceType: string;
  url: string | null;
  headerName: string | null;
  /** The newest manifest; `null` before the first one. */
  manifest: {
    projectName: string | null;
    dbtVersion: string | null;
    schemaVersion: number;
    adapter: string | null;
    generatedAt: Date | null;
    takenAt: Date;
    takenBy: string;
    report: ManifestReport;
  } | null;
  lastBuild: BuildReport | null;
  nodes: number;
  models: { id: number; name: string; uniqueId: string; problem: string | null }[];
  createdAt: Date;
  updatedAt: Date;
}

export interface DbtNodeView {
  id: number;
  uniqueId: string;
  kind: DbtNodeKind;
  name: string;
  description: string;
  packageName: string;
  path: string;
  materialised: string;
  /** As dbt writes it in SQL; `null` where dbt makes no relation. */
  relation: string | null;
  columns: DbtColumn[];
  tags: string[];
  exposures: DbtExposure[];
  present: boolean;
  /** What keeps it from being read; `null` = nothing. */
  problem: string | null;
  /** Models of Sluice that follow it. */
  models: { id: number; name: string }[];
}

export interface DbtColumn {
  name: string;
  description: string;
  type: string | null;
}

export interface DbtExposure {
  name: string;
  kind: string;
  owner: string | null;
  url: string | null;
}
