import type { ClientReplay } from './open-replay.ts';
import { resourceReplays } from './resource-clients.ts';
import { sequenceReplays } from './sequence-clients.ts';
import { statusReplays } from './status-clients.ts';
import { terraformReplays } from './terraform-clients.ts';
import { triggerReplays } from './trigger-clients.ts';

/**
 * What real clients of the contract send, byte by byte, and what each of them reads from the answers: taken from their
 * sources as of November 2026. To be run in this order against one target, whose worker really delivers rows.
 */
export const clientReplays: readonly ClientReplay[] = [
  ...triggerReplays,
  ...statusReplays,
  ...resourceReplays,
  ...terraformReplays,
  ...sequenceReplays,
];
