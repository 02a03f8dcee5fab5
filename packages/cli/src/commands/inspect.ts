import { stringify } from 'yaml';
import type { ApiClient } from '../api/api-client.ts';
import { getResource } from '../api/get-resource.ts';
import { getRun } from '../api/get-run.ts';
import { kinds, readKind } from '../kind.ts';
import { plainLines } from '../plain-text.ts';
import type { Terminal } from '../terminal.ts';

/** `sluice inspect`: one resource with all its fields. Throws `not_found`, `input_invalid`. */
export async function inspect(
  api: ApiClient,
  terminal: Terminal,
  input: { kind: string; reference: string },
  options: { json: boolean },
): Promise<void> {
  const kind = readKind(input.kind, [...kinds, 'runs'] as const);
  const resource =
    kind === 'runs' ? await getRun(api, input.reference) : await getResource(api, kind, input.reference);
  if (options.json) terminal.out(JSON.stringify(resource, null, 2));
  else for (const line of plainLines(stringify(resource, { lineWidth: 0 }).trimEnd())) terminal.out(line);
}
