import { isIP } from 'node:net';

export interface HostPort {
  /** Lower case, without the brackets of IPv6 and without a final dot. */
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port` or `[ipv6]:port`, as in `EGRESS_ALLOW`; `null` when it is neither. */
export function parseHostPort(text: string): HostPort | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s/:@?#,]+):(\d{1,5})$/.exec(text.trim());
  const [, host, digits] = match ?? [];
  if (host === undefined || digits === undefined) return null;
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host: canonicalHost(host), port } : null;
}

/** One spelling of a host name or address, so that spellings can be compared. */
export function canonicalHost(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(bare) === 6 && !bare.includes('%')) return new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  return bare.endsWith('.') ? bare.slice(0, -1) : bare;
}
