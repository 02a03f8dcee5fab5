import { doubtPolicies } from './doubt.ts';
import { mappingVariables, nullPolicies, nullPolicyEffects } from './mapping.ts';
import { type SyncModeDefinition, syncModes } from './sync-mode.ts';

/** The tables of `docs/concepts.md` that say what the code says: name → Markdown. A test keeps the page in step. */
export function conceptTables(): Record<'modes' | 'nulls' | 'variables' | 'doubts', string> {
  const modes: SyncModeDefinition[] = Object.values(syncModes);
  return {
    modes: table(
      ['Mode', 'What it does', 'Added row', 'Changed row', 'Removed row', 'Match key'],
      modes.map(({ label, summary, effects, needsMatchKey }) => [
        `**${label}**`,
        summary,
        effects.added,
        effects.changed,
        effects.removed,
        needsMatchKey ? 'needed' : 'not needed',
      ]),
    ),
    nulls: table(
      ['Policy', 'What a NULL does'],
      nullPolicies.map((policy) => [
        `**${nullPolicyEffects[policy].label}**`,
        nullPolicyEffects[policy].effect,
      ]),
    ),
    doubts: table(
      ['Policy', 'What becomes of the row'],
      Object.values(doubtPolicies).map(({ label, effect }) => [`**${label}**`, effect]),
    ),
    variables: table(
      ['Variable', 'What it holds'],
      Object.entries(mappingVariables).map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
