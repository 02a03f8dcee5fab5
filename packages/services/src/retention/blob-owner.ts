/** Kinds of files that runs leave in the blob store, as `<kind>/<workspace>/<sync>/<run>-…`. */
export const blobKinds = ['plans', 'ledgers', 'exchanges'] as const;
export type BlobKind = (typeof blobKinds)[number];

export interface BlobOwner {
  readonly kind: BlobKind;
  readonly workspaceId: number;
  readonly syncId: number;
  readonly runId: number;
}

/** Which run a file belongs to; `null` for a file of another kind. */
export function blobOwner(key: string): BlobOwner | null {
  const [, kind, workspaceId, syncId, runId] = /^(\w+)\/(\d+)\/(\d+)\/(\d+)-/.exec(key) ?? [];
  const known = blobKinds.find((name) => name === kind);
  if (!known) return null;
  return { kind: known, workspaceId: Number(workspaceId), syncId: Number(syncId), runId: Number(runId) };
}
