import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import type { Connection } from 'pg';
import { expect, test } from 'vitest';
import { takeRowMessages } from '../row-messages.ts';

const message = (type: string, content: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([header, content]);
};
const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
};
const messages = fc.array(
  fc.tuple(fc.constantFrom('D', 'D', 'D', 'N', 'S', 'C'), fc.uint8Array({ maxLength: 40 })),
  { maxLength: 30 },
);
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });

test('rows are taken and all else goes to the driver, however the network cuts the messages', () => {
  fc.assert(
    fc.property(messages, sizes, fc.integer({ min: 0, max: 30 }), (sent, cuts, leaveAt) => {
      const stream = new EventEmitter();
      const driver: Buffer[] = [];
      stream.on('data', (bytes: Buffer) => driver.push(Buffer.from(bytes)));
      const rows: string[] = [];
      const leave = takeRowMessages({ stream } as unknown as Connection, (source, from, to) =>
        rows.push(source.toString('hex', from, to)),
      );
      const all = sent.map(([type, content]) => message(type, Buffer.from(content)));
      for (const piece of cut(Buffer.concat(all.slice(0, leaveAt)), cuts)) stream.emit('data', piece);
      leave();
      for (const piece of cut(Buffer.concat(all.slice(leaveAt)), cuts)) stream.emit('data', piece);

      const before = sent.slice(0, leaveAt);
      expect(rows).toEqual(
        before.filter(([type]) => type === 'D').map(([, content]) => Buffer.from(content).toString('hex')),
      );
      const others = all.filter((_, index) => index >= leaveAt || sent[index]?.[0] !== 'D');
      expect(Buffer.concat(driver).equals(Buffer.concat(others))).toBe(true);
    }),
  );
});

test('what comes behind the end of the statement in one piece is the driver’s again', () => {
  const stream = new EventEmitter();
  const seen: string[] = [];
  const end = message('Z', Buffer.from('T'));
  let leave = () => {};
  stream.on('data', (bytes: Buffer) => {
    seen.push(bytes.toString('latin1'));
    if (bytes.at(-6) === 90) leave();
  });
  leave = takeRowMessages({ stream } as unknown as Connection, () => {});
  stream.emit('data', Buffer.concat([end, Buffer.from('N\0')]));
  stream.emit('data', Buffer.from('\0\0\x04'));
  expect(seen).toEqual([end.toString('latin1'), 'N\0', '\0\0\x04']);
});
