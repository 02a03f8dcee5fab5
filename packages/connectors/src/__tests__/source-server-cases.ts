import { exampleSourceCase } from '../examples/source/__tests__/source-case.ts';
import type { SourceCase } from './source-case.ts';

/** Sources that bring a server of their own, by slug. */
export const sourceServerCases: Readonly<Record<string, SourceCase>> = {
  // The example, from which new sources are made, has to pass as well; it is not offered to anybody.
  example: exampleSourceCase,
};
