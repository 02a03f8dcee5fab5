/** What one worker holds of a destination's places. */
export interface Holder {
  readonly held: number;
  /** How many calls it has to make. */
  readonly wanted: number;
  /** Since when it holds at least one, ms since 1970 by the database's clock; 0 = it holds none. */
  readonly since: number;
  /** When the places of a dead worker are free again. */
  readonly until: number;
}

export interface PlaceRequest {
  readonly owner: string;
  /** Calls that are open now: these places cannot be given back yet. */
  readonly open: number;
  /** Calls that are open or wait. */
  readonly wanted: number;
  readonly leaseMs: number;
}

/** A worker gives way after so long when there are more workers than places. */
const turnMs = 1_000;

/**
 * Divides `atOnce` places among the workers that want some: each up to its fair share, and what others leave. Answers
 * the new holders, without the dead ones and those that want nothing, and how many places the asking worker may use.
 */
export function grantPlaces(
  holders: Readonly<Record<string, Holder>>,
  atOnce: number,
  request: PlaceRequest,
  now: number,
): { readonly holders: Record<string, Holder>; readonly granted: number } {
  const alive = Object.entries(holders).filter(([, { until }]) => until > now);
  const mine = alive.find(([owner]) => owner === request.owner)?.[1];
  const others = alive.filter(([owner]) => owner !== request.owner);
  const result = Object.fromEntries(others);
  if (request.wanted === 0 && request.open === 0) return { holders: result, granted: 0 };
  const sum = (read: (holder: Holder) => number): number =>
    others.reduce((total, [, holder]) => total + read(holder), 0);
  const share = Math.max(1, Math.floor(atOnce / (others.length + 1)));
  const left = atOnce - sum(({ wanted }) => Math.min(wanted, share));
  const waiting = others.some(([, { held, wanted }]) => held === 0 && wanted > 0);
  const turnOver = waiting && mine !== undefined && mine.since > 0 && now - mine.since > turnMs;
  const fair = turnOver && others.length + 1 > atOnce ? 0 : Math.max(share, left);
  const free = Math.max(0, atOnce - sum(({ held }) => held));
  const granted = Math.min(request.wanted, fair, free);
  // An open call keeps its place whatever was granted; the next question tells that it is free.
  const held = Math.max(granted, Math.min(request.open, mine?.held ?? request.open));
  result[request.owner] = {
    held,
    wanted: request.wanted,
    since: held === 0 ? 0 : mine && mine.since > 0 ? mine.since : now,
    until: now + request.leaseMs,
  };
  return { holders: result, granted };
}
