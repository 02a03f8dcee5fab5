import { connectorCategories, type ObjectSupport } from '@sluice/domain/connector';
import { syncModes } from '@sluice/domain/sync-mode';
import type { DestinationDefinition } from './kit/destination.ts';

/**
 * `docs/destinations/README.md`, made from the definitions: what each destination writes, in which modes, how much at
 * once, and what its tests run against. A test keeps the page in step.
 */
export function destinationPage(definitions: readonly DestinationDefinition[]): string {
  const sorted = [...definitions].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const categories = Object.keys(connectorCategories) as (keyof typeof connectorCategories)[];
  const groups = categories.flatMap((category) => {
    const members = sorted.filter((definition) => definition.category === category);
    return members.length === 0 ? [] : [`## ${connectorCategories[category]}\n\n${table(members)}`];
  });
  const repeats = sorted
    .filter(({ cannotTellRepeat }) => cannotTellRepeat)
    .map(({ name, writes }) => {
      const objects = writes
        .filter((line) => line.cannotTellRepeat)
        .map(({ object }) => object.toLowerCase());
      return objects.length === 0 ? name : `${name} (${list(objects)})`;
    });
  const counts = sorted.filter(({ countsOnly }) => countsOnly !== undefined);
  return `# Destinations

Where Sluice writes to. This page is made from the connectors (\`npm run docs:connectors\`); each name leads to its own page.
[CONTRIBUTING.md](../../CONTRIBUTING.md) says how to add one.

${groups.join('\n\n')}

## Repetitions and answers

${list(repeats)} cannot tell a repeated request from a new one: what is sent again after a lost answer may arrive twice. All
others are written by a key, take a file in the place of the same file, or recognise a repetition by an id that Sluice derives
from sync, row and values.
${counts.map(({ name, countsOnly }) => `\n${name} answers with counts alone: ${countsOnly}.\n`).join('')}
## What they are tested against

${sorted.map(({ name, testedAgainst }) => `- **${name}**: ${testedAgainst}`).join('\n')}
`;
}

function table(definitions: readonly DestinationDefinition[]): string {
  const rows = definitions.flatMap((definition) =>
    definition.writes.map((line, index) => [
      index === 0 ? `[${definition.name}](${definition.slug}.md)` : '',
      line.object,
      line.modes.map((mode) => syncModes[mode].label).join(', '),
      line.matchKeys,
      batchText(line.batch),
      line.limits,
    ]),
  );
  const head = ['Destination', 'Object', 'Modes', 'Found by', 'One request', 'Limits'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function batchText({ rows, bytes, recordBytes, file }: ObjectSupport['batch']): string {
  if (file) return 'a file';
  const parts = [`${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`];
  if (bytes !== undefined) parts.push(sizeText(bytes));
  if (recordBytes !== undefined) parts.push(`${sizeText(recordBytes)} a row`);
  return parts.join(', ');
}

const sizeText = (bytes: number): string =>
  bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${Math.round(bytes / 1_000)} KB`;

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
