const LENGTH = 4;

/** A small head, and bytes that are passed on unread: what a thread gives back when it has to say something too. */
export function framed(head: unknown, parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(JSON.stringify(head));
  const size = parts.reduce((sum, { length }) => sum + length, LENGTH + text.length);
  const bytes = Buffer.from(new ArrayBuffer(size));
  bytes.writeUInt32LE(text.length, 0);
  text.copy(bytes, LENGTH);
  let at = LENGTH + text.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(bytes.buffer);
}

export function unframed(frame: Uint8Array<ArrayBuffer>): { head: unknown; rest: Buffer<ArrayBuffer> } {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const end = LENGTH + bytes.readUInt32LE(0);
  return { head: JSON.parse(bytes.toString('utf8', LENGTH, end)) as unknown, rest: bytes.subarray(end) };
}
