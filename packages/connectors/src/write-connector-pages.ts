import { writeFileSync } from 'node:fs';
import { destinationPage } from './destination-page.ts';
import { destinationDefinitions, sourceDefinitions } from './registry.ts';
import { sourcePage } from './source-page.ts';

const write = (folder: string, page: string): void =>
  writeFileSync(new URL(`../../../docs/${folder}/README.md`, import.meta.url), page);

write('sources', sourcePage(Object.values(sourceDefinitions)));
write('destinations', destinationPage(Object.values(destinationDefinitions)));
