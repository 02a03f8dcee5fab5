import { writeFileSync } from 'node:fs';
import { destinationPage } from './destination-page.ts';
import { destinationDefinitions } from './registry.ts';

const page = new URL('../../../docs/destinations/README.md', import.meta.url);
writeFileSync(page, destinationPage(Object.values(destinationDefinitions)));
