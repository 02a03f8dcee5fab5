import type { ConnectContext, GrantedAccess } from '@sluice/connectors/kit/context';
import type { ServiceContext } from '../context.ts';
import { openSshKeys } from '../ssh-key/load-ssh-key.ts';

/** One use of a connection: when it must stop, and what the other side is told about who asks. */
export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** `sluice run 42`. */
  readonly label: string;
}

/** The outside world as a connector of a workspace may see it, with the access that its configuration names. */
export function connectContext(
  ctx: ServiceContext,
  workspaceId: number,
  options: ConnectOptions,
  grant: GrantedAccess | null = null,
): ConnectContext {
  const { connectMs, requestMs, queryMs, sampleDirectory, filesDirectory } = ctx.settings;
  const timeouts = { connectMs, requestMs, queryMs };
  return {
    ...options,
    egress: ctx.egress,
    timeouts,
    sampleDirectory,
    filesDirectory,
    sshKeys: () => openSshKeys(ctx, workspaceId),
    ...(grant && { grant }),
  };
}
