import { expect, it } from 'vitest';
import { readEvents, type ServerSentEvent } from './server-sent-events.js';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size: number): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(inPieces(text, size))) events.push(event);
  return events;
}

const STREAM =
  'retry: 2000\n\nid: 1\ndata: {"ä":1}\n\n: still here\n\nid:2\ndata: a\ndata:b\n\ndata\n\nid: 9\ndata: cut';
const EVENTS = [{ id: '1', data: '{"ä":1}' }, { id: '2', data: 'a\nb' }, { data: '' }];

it.each([1, 2, 3, 7, 1000])('however it is cut, here by %i bytes', async (size) => {
  expect(await read(STREAM, size)).toEqual(EVENTS);
  expect(await read(STREAM.replaceAll('\n', '\r\n'), size)).toEqual(EVENTS);
  expect(await read(STREAM.replaceAll('\n', '\r'), size)).toEqual(EVENTS);
});

it('every piece is heard, be it only a heartbeat', async () => {
  let heard = 0;
  for await (const _ of readEvents(inPieces(': still here\n\n', 4), () => (heard += 1))) expect.unreachable();
  expect(heard).toBe(4);
});
