import { expect, test } from 'vitest';
import { bytesText } from './bytes-text.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [10_485_760, '10 MB'],
  [999_600_000, '1 GB'],
  [1_234_567_890, '1.2 GB'],
  [9_960_000_000, '10 GB'],
  [4e15, '4 PB'],
])('%d is %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));
