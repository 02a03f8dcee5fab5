import { changeClasses } from '@sluice/domain/change';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import { columnsOfTemplate } from '../../kit/template.ts';
import { HttpRequestOptions } from './options.ts';

/** Columns that a template of a class that is sent reads by name; templates over `rows` name none. */
export function columnsNamed(sync: SyncConfiguration): string[] {
  const options = HttpRequestOptions.parse(sync.options);
  const operations = operationsOf(sync);
  const names = changeClasses.flatMap((name) => {
    const request = options[name];
    if (!request || operations[name] === null) return [];
    const templates = [request.url, request.body, ...request.headers.map(({ value }) => value)];
    return templates.flatMap((template) => {
      const columns = columnsOfTemplate(template);
      return columns === 'all' ? [] : columns;
    });
  });
  return [...new Set(names)];
}
