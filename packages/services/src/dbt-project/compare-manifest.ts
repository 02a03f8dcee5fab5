import { fingerprintOf, type ManifestNode } from './read-manifest.ts';

/** A node as it is stored. */
export interface KnownNode {
  readonly id: number;
  readonly uniqueId: string;
  readonly kind: string;
  readonly path: string;
  readonly relation: string | null;
  readonly checksum: string | null;
  readonly rawSql: string | null;
  readonly compiledSql: string | null;
  readonly materialised: string;
  readonly fingerprint: string;
  readonly present: boolean;
}

export type NodeChange = 'added' | 'changed' | 'renamed' | 'removed' | 'returned' | 'described';

/** What a manifest does to one node. */
export interface NodeStep {
  /** `described`: only what is written about it differs, not its rows. */
  readonly change: NodeChange;
  /** `null` for a node that is new. */
  readonly known: KnownNode | null;
  /** `null` for a node that is gone. */
  readonly node: ManifestNode | null;
  readonly fingerprint: string;
}

/**
 * What differs between the nodes that are known and those of a manifest. A node that is gone and one that came are the
 * same one, renamed, when they share a relation, their SQL, or their file, and nothing else shares it.
 */
export function compareManifest(
  known: readonly KnownNode[],
  nodes: readonly ManifestNode[],
): readonly NodeStep[] {
  const byId = new Map(known.map((node) => [node.uniqueId, node]));
  const wanted = new Set(nodes.map(({ uniqueId }) => uniqueId));
  const came = nodes.filter(({ uniqueId }) => !byId.has(uniqueId));
  const gone = known.filter(({ uniqueId, present }) => present && !wanted.has(uniqueId));
  const renamed = findRenamed(gone, came);
  const moved = new Set([...renamed.values()]);
  const steps: NodeStep[] = [];
  for (const given of nodes) {
    const before = byId.get(given.uniqueId) ?? renamed.get(given) ?? null;
    const node = before ? withCompiled(given, before) : given;
    const fingerprint = fingerprintOf(node);
    const change = changeOf(node, fingerprint, before);
    if (change) steps.push({ change, known: before, node, fingerprint });
  }
  for (const node of gone) {
    if (!moved.has(node))
      steps.push({ change: 'removed', known: node, node: null, fingerprint: node.fingerprint });
  }
  return steps;
}

/**
 * A build of some nodes writes compiled SQL for those only: the SQL of before holds for the others, as long as nobody
 * has touched their file.
 */
function withCompiled(node: ManifestNode, before: KnownNode): ManifestNode {
  if (node.compiledSql !== null || before.compiledSql === null) return node;
  if (node.checksum === null || node.checksum !== before.checksum) return node;
  return { ...node, compiledSql: before.compiledSql };
}

function changeOf(node: ManifestNode, fingerprint: string, before: KnownNode | null): NodeChange | null {
  if (!before) return 'added';
  if (before.uniqueId !== node.uniqueId) return 'renamed';
  if (!before.present) return 'returned';
  if (before.fingerprint === fingerprint) return null;
  const same =
    before.relation === node.relation &&
    before.materialised === node.materialised &&
    before.checksum === node.checksum &&
    before.compiledSql === node.compiledSql;
  return same ? 'described' : 'changed';
}

type Signed = Pick<KnownNode, 'kind' | 'relation' | 'checksum' | 'rawSql' | 'compiledSql' | 'path'>;

/** What two names of one node have in common, the surest first. */
const signs: readonly ((node: Signed) => string | null)[] = [
  ({ relation }) => relation,
  ({ checksum, rawSql }) => (rawSql === null ? null : checksum),
  ({ compiledSql }) => compiledSql,
  ({ kind, path }) => `${kind} ${path}`,
];

function findRenamed(
  gone: readonly KnownNode[],
  came: readonly ManifestNode[],
): Map<ManifestNode, KnownNode> {
  const renamed = new Map<ManifestNode, KnownNode>();
  const taken = new Set<KnownNode>();
  for (const sign of signs) {
    const before = onlyOnes(
      gone.filter((node) => !taken.has(node)),
      sign,
    );
    const after = onlyOnes(
      came.filter((node) => !renamed.has(node)),
      sign,
    );
    for (const [value, node] of after) {
      const old = before.get(value);
      if (!old) continue;
      renamed.set(node, old);
      taken.add(old);
    }
  }
  return renamed;
}

/** Nodes by what they are known by, without those that share it. */
function onlyOnes<Node extends Signed>(
  nodes: readonly Node[],
  sign: (node: Signed) => string | null,
): Map<string, Node> {
  const found = new Map<string, Node | null>();
  for (const node of nodes) {
    const value = sign(node);
    if (value !== null) found.set(value, found.has(value) ? null : node);
  }
  return new Map([...found].filter((entry): entry is [string, Node] => entry[1] !== null));
}
