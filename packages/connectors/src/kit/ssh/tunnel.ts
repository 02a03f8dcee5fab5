import type { ConnectContext } from '../context.ts';
import type { Side } from '../pg-error.ts';
import { type Bastion, openBastion } from './bastion.ts';
import type { ForwardedSocket } from './forwarded-socket.ts';
import type { TunnelSettings } from './tunnel-fields.ts';

/** A way through an SSH server. */
export interface Tunnel {
  /** A connection to an address as the SSH server knows it. Throws what `openBastion` and `forward` throw. */
  dial(host: string, port: number, signal: AbortSignal): Promise<ForwardedSocket>;
}

/** Makes connections through one session at the SSH server, which is opened for the first and ends with the last of them. */
export function createTunnel(settings: TunnelSettings, context: ConnectContext, side: Side): Tunnel {
  let shared: { readonly bastion: Promise<Bastion>; users: number } | null = null;
  return {
    async dial(host, port, signal) {
      shared ??= { bastion: openBastion(settings, { ...context, signal }, side).opened, users: 0 };
      const used = shared;
      used.users += 1;
      const release = (): void => {
        used.users -= 1;
        if (used.users > 0) return;
        if (shared === used) shared = null;
        used.bastion.then(
          (bastion) => bastion.close(),
          () => {},
        );
      };
      try {
        const bastion = await used.bastion;
        const socket = await bastion.forward(host, port, signal);
        socket.once('close', release);
        return socket;
      } catch (thrown) {
        release();
        throw thrown;
      }
    },
  };
}
