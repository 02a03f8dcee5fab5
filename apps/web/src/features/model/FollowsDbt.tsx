import type { FollowedNode } from '@sluice/domain/model';
import { Callout } from '@sluice/ui/Callout';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { useWorkspace } from '#shell/workspace-context.tsx';

/** Says which dbt model this one follows, that it was renamed, and what keeps it from being read. */
export function FollowsDbt({ node, sourceId }: { node: FollowedNode; sourceId: number }) {
  const { paths } = useWorkspace();
  const project = <TextLink href={paths.sources.dbt(sourceId, node.projectId)}>{node.projectName}</TextLink>;
  if (node.problem) {
    return (
      <Callout tone="critical" title={node.problem}>
        Runs of its syncs fail until then: nothing is sent or removed. Send a manifest that has it ({project}
        ), or choose another dbt model below.
      </Callout>
    );
  }
  return (
    <Callout
      title={
        node.previousId && node.renamedAt ? (
          <>
            dbt renamed {node.previousId} to {node.uniqueId}, and this model went along{' '}
            <Time at={node.renamedAt} />.
          </>
        ) : (
          `It follows the dbt model ${node.uniqueId}.`
        )
      }
    >
      {node.relation ? (
        <>
          It reads <code className="break-all font-mono text-xs">{node.relation}</code>, as the newest
          manifest of {project} says.
        </>
      ) : (
        <>It runs the compiled SQL of the newest manifest of {project}.</>
      )}
    </Callout>
  );
}
