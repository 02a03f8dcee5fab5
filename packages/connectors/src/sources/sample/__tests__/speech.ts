import type { SourceSpeech } from '../../../__tests__/source-speech.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';

export const sampleSpeech: SourceSpeech = {
  ...duckSpeech,
  table: { query: { queryType: 'table', schema: 'shop', table: 'accounts' }, key: 'id', rows: 5_000 },
};
