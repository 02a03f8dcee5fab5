import { connectorCategories } from '@sluice/domain/connector';
import type { SourceDefinition } from './kit/source.ts';

/**
 * `docs/sources/README.md`, made from the definitions: how to sign in to each source, where its rows can be compared, and
 * what its tests run against. A test keeps the page in step.
 */
export function sourcePage(definitions: readonly SourceDefinition[]): string {
  const sorted = [...definitions].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const categories = Object.keys(connectorCategories) as (keyof typeof connectorCategories)[];
  const groups = categories.flatMap((category) => {
    const members = sorted.filter((definition) => definition.category === category);
    return members.length === 0 ? [] : [`## ${connectorCategories[category]}\n\n${table(members)}`];
  });
  return `# Sources

Where Sluice reads from, and never writes to, but for the schema of its own that the [warehouse planner](../planners.md) may
have. This page is made from the connectors (\`npm run docs:connectors\`); each name leads to its own page.
[CONTRIBUTING.md](../../CONTRIBUTING.md) says how to add one.

${groups.join('\n\n')}

## Databases in a network of their own

PostgreSQL, MySQL or MariaDB, Redshift and ClickHouse can be read through an SSH server: [SSH tunnels](../ssh-tunnels.md).

## What they are tested against

${sorted.map(({ name, testedAgainst }) => `- **${name}**: ${testedAgainst}`).join('\n')}

Every source is asked the same questions (\`packages/connectors/src/__tests__/source-questions.ts\` and
\`source-conformance.test.ts\`): values of every type, names, empty and long results, keys, errors, statements that write.

## What is not there

A source is offered where its tests are honest, and left out otherwise.

- **SQL Server, Azure SQL**: nothing that speaks its protocol (TDS) can be installed for the tests, and a server of our own would
  only judge what we believe of it. Until then: a replica in PostgreSQL, or exports as [files](files.md).
- **Trino, Athena**: their HTTP protocols are simple enough for a server that speaks them with DuckDB behind it, as for Snowflake;
  nobody has written it yet. Athena's results are files in a bucket, which [files](files.md) reads.
- **SQLite**: Node's own driver cannot stop a statement, so it has to run in a process of its own; not written yet.
`;
}

function table(definitions: readonly SourceDefinition[]): string {
  const rows = definitions.map(({ name, slug, description, fields, oauth, capabilities }) => {
    const secrets = fields.filter(({ secret }) => secret).map(({ label }) => label.toLowerCase());
    const ways = [...(oauth ? ['OAuth'] : []), ...secrets];
    return [
      `[${name}](${slug}.md)`,
      description,
      ways.join(', ') || 'none needed',
      capabilities.planner ? 'by Sluice, or in the source' : 'by Sluice',
    ];
  });
  const head = ['Source', '', 'Secrets', 'Rows are compared'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
