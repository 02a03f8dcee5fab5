import type { SourceSpeech } from '../../../__tests__/source-speech.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';

/** The directory of the conformance suite holds `people.csv`. */
export const filesSpeech: SourceSpeech = {
  ...duckSpeech,
  table: { query: { queryType: 'table', schema: 'main', table: 'people' }, key: 'id', rows: 2 },
};
