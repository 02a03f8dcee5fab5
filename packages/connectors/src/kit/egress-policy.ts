import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { SluiceError } from '@sluice/domain/error';
import { EgressFailure } from './egress-failure.ts';
import { canonicalHost, type HostPort, parseHostPort } from './host-port.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

export interface EgressPolicy {
  /** Exact `host:port` that may be reached although private. */
  readonly allow: readonly string[];
  /** Exact `host:port` that may never be reached, whatever is allowed: our own database, queue and web server. */
  readonly deny: readonly string[];
  /** Name look-up; the system's by default. */
  readonly lookup?: Lookup;
}

export type Lookup = (host: string) => Promise<readonly { address: string; family: number }[]>;
export type Resolve = (host: string, port: number) => Promise<{ address: string; family: 4 | 6 }>;

/**
 * Makes the function that turns a host and port named by a user into the one address that may be dialled.
 *
 * Throws `egress_refused` for malformed hosts, and when any of the host's addresses is not public unless `host:port`
 * or `address:port` is allowed; EgressFailure `dns` when the name has no address. Throws a plain Error at once when
 * `allow` or `deny` cannot be read, naming the entry.
 */
export function createResolve(policy: EgressPolicy): Resolve {
  const allowed = policy.allow.map(readEntry);
  const denied = policy.deny.map(readEntry);
  const find = policy.lookup ?? systemLookup;

  return async (givenHost, port) => {
    const host = readHost(givenHost, port);
    const addresses = isIP(host) === 0 ? await findAddresses(find, host) : [host];
    const nameAllowed = listed(allowed, host, port);
    for (const address of addresses) {
      if (await isDenied(denied, host, address, port, find)) throw refusal(host, port);
      if (!nameAllowed && !listed(allowed, address, port) && !isPublicAddress(address))
        throw refusal(host, port);
    }
    // IPv4 first: many networks hand out IPv6 addresses without a way to reach them.
    const address = addresses.find((candidate) => isIP(candidate) === 4) ?? addresses[0] ?? host;
    return { address, family: isIP(address) === 6 ? 6 : 4 };
  };
}

/** One text for private, reserved and denied addresses: it tells nothing of what listens there. */
function refusal(host: string, port: number): SluiceError {
  const target = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  return new SluiceError(
    'egress_refused',
    `Sluice does not connect to ${target}: the address is not public.`,
    {
      fix: `Use a public address, or have the operator add ${target} to EGRESS_ALLOW.`,
    },
  );
}

function readEntry(entry: string): HostPort {
  const parsed = parseHostPort(entry);
  if (!parsed) throw new Error(`"${entry}" is not host:port`);
  return parsed;
}

function readHost(given: string, port: number): string {
  const bare = canonicalHost(given.trim());
  // Before the conversion, which reads its input as part of a URL and would drop what follows a "?".
  const plain = isIP(bare) !== 0 || !/[/\\?#@:,%\s]/.test(bare);
  const host = plain && isIP(bare) === 0 ? canonicalHost(domainToASCII(bare)) : bare;
  const valid =
    isIP(host) !== 0 ? !host.includes('%') : /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/.test(host);
  if (!valid) {
    throw new SluiceError('egress_refused', 'The host is not a host name or an IP address.', {
      fix: 'Enter only the host, such as db.example.com: no scheme, path, port, comma or space.',
    });
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SluiceError('egress_refused', 'The port is not a number from 1 to 65535.', {
      fix: 'Correct the port.',
    });
  }
  return host;
}

async function findAddresses(find: Lookup, host: string): Promise<string[]> {
  try {
    const found = await find(host);
    if (found.length > 0) return found.map(({ address }) => canonicalHost(address));
  } catch (error) {
    throw new EgressFailure('dns', false, `The host name ${host} was not found.`, error);
  }
  throw new EgressFailure('dns', false, `The host name ${host} has no address.`);
}

const listed = (entries: readonly HostPort[], host: string, port: number): boolean =>
  entries.some((entry) => entry.port === port && entry.host === host);

/** Denied by name, by address, by an address of a denied name, or as another way to say "this machine". */
async function isDenied(
  denied: readonly HostPort[],
  host: string,
  address: string,
  port: number,
  find: Lookup,
): Promise<boolean> {
  for (const entry of denied) {
    if (entry.port !== port) continue;
    if (entry.host === host || entry.host === address) return true;
    // A denied name that no longer resolves cannot be reached by an address either.
    const names =
      isIP(entry.host) === 0 ? await findAddresses(find, entry.host).catch(() => []) : [entry.host];
    if (names.includes(address)) return true;
    if (isLoopbackAddress(address) && names.some(isLoopbackAddress)) return true;
  }
  return false;
}

const systemLookup: Lookup = (host) => lookup(host, { all: true, order: 'verbatim' });
