import { expect, it } from 'vitest';
import type { ArtifactStore } from '../../../artifacts/index.js';
import { multipartRelated } from './multipart-related.js';
import type { GivenOutput } from './plan-results.js';
import { PLAIN_TEXT, plainText } from './plain-text.js';
import { resultsDocument } from './results-document.js';
import type { Segment } from '../../../execution-adapter/index.js';

// Inline payloads never ask it.
const store = undefined as unknown as ArtifactStore;

function given(
  id: string,
  stored: string,
  more: { mediaType?: string; byReference?: boolean } = {},
): GivenOutput {
  const bytes = new Uint8Array(Buffer.from(stored));
  const own = stored.startsWith('{') ? 'application/geo+json' : 'application/json';
  const payload = { kind: 'inline', bytes, size: bytes.length, sha256: '' } as const;
  return {
    output: { id, mediaType: own, payload },
    mediaType: more.mediaType ?? own,
    asked: more.mediaType !== undefined,
    byReference: more.byReference ?? false,
  };
}

const refer = ({ output, mediaType }: GivenOutput) => ({
  rel: output.id,
  href: `http://h/artifacts/${output.id}`,
  type: mediaType,
  sizeBytes: output.payload.size,
  expiresAt: '2026-11-22T16:00:00.000Z',
});

const textOf = (segments: Segment[]): string =>
  segments
    .map((segment) =>
      typeof segment === 'string'
        ? segment
        : segment.kind === 'inline'
          ? Buffer.from(segment.bytes).toString()
          : '',
    )
    .join('');

const outputs = [
  given('result', '{"type":"FeatureCollection","features":[]}'),
  given('name', '"Zürich"'),
  given('count', '3'),
  given('area', '{"type":"FeatureCollection","features":[]}', { byReference: true }),
];

it('a document holds plain values bare, objects qualified and references as links', async () => {
  expect(JSON.parse(textOf(await resultsDocument(outputs, store, refer)))).toEqual({
    result: { value: { type: 'FeatureCollection', features: [] }, mediaType: 'application/geo+json' },
    name: 'Zürich',
    count: 3,
    area: refer(outputs[3]!),
  });
});

it('multipart has a part per output, the bytes as stored, and the same boundary each time', () => {
  const { contentType, segments } = multipartRelated('run-1', outputs, refer);
  expect(contentType).toBe('multipart/related; boundary="honua-run-1"; type="application/geo+json"');
  expect(textOf(segments)).toBe(
    [
      '--honua-run-1\r\nContent-ID: result\r\nContent-Type: application/geo+json\r\nContent-Length: 42\r\n\r\n',
      '{"type":"FeatureCollection","features":[]}\r\n',
      '--honua-run-1\r\nContent-ID: name\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"Zürich"\r\n',
      '--honua-run-1\r\nContent-ID: count\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n3\r\n',
      '--honua-run-1\r\nContent-ID: area\r\nContent-Type: application/geo+json\r\n',
      'Content-Location: http://h/artifacts/area\r\n\r\n\r\n--honua-run-1--\r\n',
    ].join(''),
  );
});

it.each([
  ['"a \\"b\\" \\u00fc"', 'a "b" ü'],
  ['3.5', '3.5'],
  ['true', 'true'],
])('%s as plain text is %s', (stored, text) => {
  const { output, mediaType } = plainText(given('x', stored, { mediaType: 'text/plain' }));
  expect([mediaType, textOf([output.payload]), output.payload.size]).toEqual([
    PLAIN_TEXT,
    text,
    Buffer.byteLength(text),
  ]);
});
