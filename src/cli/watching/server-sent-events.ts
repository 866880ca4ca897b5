export interface ServerSentEvent {
  id?: string;
  data: string;
}

/**
 * The events of a text/event-stream as they come, comments and other fields left out (HTML Living Standard §9.2.6).
 * `heard` is called for every piece that arrives, be it a heartbeat.
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  heard: () => void = () => {},
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    heard();
    text += decoder.decode(chunk, { stream: true });
    // A line may end in CR, LF or both; a CR at the very end may be the half of one.
    const blocks = text.replaceAll(/\r\n|\r(?!$)/g, '\n').split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const event = readBlock(block);
      if (event) yield event;
    }
  }
}

/** Undefined where it has no data: a heartbeat, or `retry`. */
function readBlock(block: string): ServerSentEvent | undefined {
  const data: string[] = [];
  let id: string | undefined;
  for (const line of block.split('\n')) {
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') data.push(value ?? '');
    if (field === 'id') id = value ?? '';
  }
  return data.length > 0 ? { ...(id !== undefined && { id }), data: data.join('\n') } : undefined;
}
