/** Reads the primitive types of the Kafka protocol. https://kafka.apache.org/protocol#protocol_types (2026-11) */
export class Reader {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }
  private step(size: number): number {
    const from = this.at;
    this.at += size;
    return from;
  }
  int8 = (): number => this.bytes.readInt8(this.step(1));
  int16 = (): number => this.bytes.readInt16BE(this.step(2));
  int32 = (): number => this.bytes.readInt32BE(this.step(4));
  uint32 = (): number => this.bytes.readUInt32BE(this.step(4));
  int64 = (): bigint => this.bytes.readBigInt64BE(this.step(8));
  raw = (size: number): Buffer => this.bytes.subarray(this.step(size), this.at);
  string(): string | null {
    const size = this.int16();
    return size < 0 ? null : this.raw(size).toString('utf8');
  }
  data(): Buffer | null {
    const size = this.int32();
    return size < 0 ? null : this.raw(size);
  }
  list<T>(read: () => T): T[] | null {
    const size = this.int32();
    return size < 0 ? null : Array.from({ length: size }, read);
  }
  /** Zigzag, as in records. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes.readUInt8(this.step(1));
      value |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    return Number((value >> 1n) ^ -(value & 1n));
  }
  varData(): Buffer | null {
    const size = this.varint();
    return size < 0 ? null : this.raw(size);
  }
}

export const int8 = (value: number): Buffer => Buffer.from([value & 0xff]);
export const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
export const int64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};
export const string = (text: string | null): Buffer =>
  text === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
export const data = (bytes: Buffer): Buffer => Buffer.concat([int32(bytes.length), bytes]);
export const list = <T>(items: readonly T[], write: (item: T) => Buffer): Buffer =>
  Buffer.concat([int32(items.length), ...items.map(write)]);
