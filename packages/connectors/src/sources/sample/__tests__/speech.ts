import type { SourceSpeech } from '../../../__tests__/source-speech.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';
import { ensureShop } from '../ensure-shop.ts';

export const sampleSpeech: SourceSpeech = {
  ...duckSpeech,
  table: { query: { queryType: 'table', schema: 'shop', table: 'accounts' }, key: 'id', rows: 5_000 },
  // Seconds of work, and minutes on a busy machine: not for a test to wait for.
  async prepare(_places, { sampleDirectory }) {
    await ensureShop(sampleDirectory);
  },
};
