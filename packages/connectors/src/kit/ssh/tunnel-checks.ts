import { isIP } from 'node:net';
import type { CheckFinding, CheckNames } from '../checks.ts';
import type { ConnectContext } from '../context.ts';
import type { Side } from '../pg-error.ts';
import type { Server } from '../way.ts';
import { type Bastion, type OpeningBastion, openBastion } from './bastion.ts';
import { authorizeKey } from './bastion-error.ts';

const tunnelCheckNames = [
  { name: 'ssh_reach', label: 'Reach the SSH server' },
  { name: 'ssh_host_key', label: 'Know the SSH server by its key' },
  { name: 'ssh_sign_in', label: 'Sign in at the SSH server' },
  { name: 'ssh_forward', label: 'Get through to the database' },
] as const;

/** The checks that come before all others for a database behind an SSH server; none where there is no tunnel. */
export interface TunnelChecks {
  readonly names: CheckNames;
  readonly steps: Readonly<Record<string, () => Promise<CheckFinding>>>;
  /** Ends the session at the SSH server. Never throws. */
  close(): Promise<void>;
}

/** Checks the way through the SSH server, step by step, with one session there. */
export function createTunnelChecks(server: Server, context: ConnectContext, side: Side): TunnelChecks {
  const { tunnel, host, port } = server;
  if (!tunnel) return { names: [], steps: {}, close: async () => {} };
  let opening: OpeningBastion | null = null;
  const begin = (): OpeningBastion => {
    opening ??= openBastion(tunnel, context, side);
    return opening;
  };
  const passed = (message: string): CheckFinding => ({ status: 'passed', message });
  return {
    names: tunnelCheckNames,
    steps: {
      ssh_reach: async () => {
        const address = await begin().reached;
        const name = isIP(tunnel.host) === 0 ? `${tunnel.host} is ${address}; it` : tunnel.host;
        return passed(`${name} answered on port ${tunnel.port}.`);
      },
      ssh_host_key: async () => passed(`It showed the key that you confirmed, ${await begin().known}.`),
      ssh_sign_in: async () => {
        const { keyToAdd } = await begin().opened;
        if (!keyToAdd) return passed(`Signed in as ${tunnel.user} with the key of the workspace.`);
        return {
          status: 'warning',
          message: `${tunnel.host} takes the previous key of the workspace only, which ends with the next rotation.`,
          fix: authorizeKey(tunnel, keyToAdd),
        };
      },
      ssh_forward: async () => {
        const bastion: Bastion = await begin().opened;
        const socket = await bastion.forward(host, port, context.signal);
        socket.destroy();
        return passed(`${tunnel.host} reached ${host} on port ${port}.`);
      },
    },
    close: async () => {
      await opening?.opened.then(
        (bastion) => bastion.close(),
        () => {},
      );
    },
  };
}
