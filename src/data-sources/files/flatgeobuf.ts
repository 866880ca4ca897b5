import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { deserialize } from 'flatgeobuf/lib/mjs/geojson.js';
import type { FeatureFile, FileFeature, FilePlace } from './feature-file.js';

export async function openFlatgeobuf({ path }: FilePlace): Promise<FeatureFile> {
  let crs: string | undefined;
  const bytes = Readable.toWeb(createReadStream(path)) as globalThis.ReadableStream;
  const features = deserialize(bytes, {
    headerMetaFn: (header: { crs: { code: number } | null }) => {
      if (header.crs?.code) crs = `EPSG:${header.crs.code}`;
    },
  }) as AsyncGenerator<FileFeature>;
  // The header is read with the first feature.
  const first = await features.next();
  return { ...(crs !== undefined && { crs }), features: startedWith(first, features) };
}

async function* startedWith(
  first: IteratorResult<FileFeature>,
  rest: AsyncGenerator<FileFeature>,
): AsyncGenerator<FileFeature> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
