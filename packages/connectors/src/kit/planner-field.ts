import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from './source.ts';

/**
 * The setting of a source that can compare by itself. `statements`: what has to be run there first, with names in `nameQuote`
 * where that is not the double quote.
 */
export const plannerField = (statements: string, nameQuote?: '`'): ConfigField => ({
  name: 'planner',
  label: 'Planner',
  kind: 'select',
  help: 'Where the rows of a model are compared with what was sent before. Can be changed at any time, and sends nothing again.',
  secret: false,
  required: true,
  default: 'local',
  options: [
    {
      value: 'local',
      label: 'In Sluice',
      help: 'Reads every row in every run. The user needs no more than to read.',
    },
    {
      value: 'warehouse',
      label: 'In the source',
      help: 'Only rows that have changed are read, so large models run faster. Needs a schema of its own for hashes of rows.',
      statements,
      ...(nameQuote && { nameQuote }),
    },
  ],
});

/** Whether a source shall compare by itself. */
export const plansInSource = (configuration: Configuration): boolean => configuration.planner === 'warehouse';
