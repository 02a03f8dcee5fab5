import type { SourceDefinition } from '../../kit/source.ts';
import { sampleIcon } from './icon.ts';
import { openSampleSource, sampleChecks } from './open-connection.ts';

/** A built-in B2B shop with the flaws of real data: something to try everything with. */
export const sampleSource: SourceDefinition = {
  slug: 'sample',
  name: 'Sample data',
  category: 'sample',
  description:
    'A B2B shop that comes with Sluice: 5,000 accounts, 100,000 users, 200,000 orders, 300,000 events.',
  docsUrl: '/docs/sources/sample',
  icon: sampleIcon,
  fields: [],
  checks: sampleChecks,
  capabilities: { introspect: true, cancel: true },
  testedAgainst: 'the shop itself',
  open: (_configuration, context) => openSampleSource(context),
};
