/** One message of the PostgreSQL protocol, with its header. https://www.postgresql.org/docs/current/protocol-message-formats.html */
export interface PgMessage {
  /** Its letter; empty for the first message of a connection, which has none. */
  readonly type: string;
  readonly bytes: Buffer;
}

const sslRequest = 80_877_103;

/** Cuts a stream of bytes into messages; what is not whole yet waits for the next bytes. */
export function createMessageReader(side: 'client' | 'server'): (data: Buffer) => PgMessage[] {
  let rest: Buffer = Buffer.alloc(0);
  let starting = side === 'client';
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    const messages: PgMessage[] = [];
    for (;;) {
      const header = starting ? 0 : 1;
      if (rest.length < header + 4) return messages;
      const size = header + rest.readUInt32BE(header);
      if (rest.length < size) return messages;
      const bytes = rest.subarray(0, size);
      rest = rest.subarray(size);
      if (starting && bytes.readUInt32BE(4) === sslRequest) throw new Error('the proxy speaks no TLS');
      messages.push({ type: starting ? '' : String.fromCharCode(bytes[0] ?? 0), bytes });
      starting = false;
    }
  };
}

/** The SQL of a Query or Parse message; `null` for others. */
export function sqlOf({ type, bytes }: PgMessage): string | null {
  if (type === 'Q') return bytes.subarray(5, -1).toString('utf8');
  if (type !== 'P') return null;
  const from = bytes.indexOf(0, 5) + 1;
  return bytes.subarray(from, bytes.indexOf(0, from)).toString('utf8');
}

/** The name of the statement that a Parse or Bind message is about; empty for the unnamed one. */
export function statementName({ type, bytes }: PgMessage): string | null {
  if (type !== 'P' && type !== 'B') return null;
  const from = type === 'P' ? 5 : bytes.indexOf(0, 5) + 1;
  return bytes.subarray(from, bytes.indexOf(0, from)).toString('utf8');
}
