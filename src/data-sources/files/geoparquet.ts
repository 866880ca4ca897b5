import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Geometry } from 'geojson';
import { FileFault, type FeatureFile, type FileFeature, type FilePlace } from './feature-file.js';

const BATCH = 10_000;

/** The `geo` key of the file (GeoParquet 1.1). */
interface GeoMetadata {
  primary_column: string;
  columns: Record<string, { crs?: { id?: { authority: string; code: number | string } } | null }>;
}

type ParquetFile = Awaited<ReturnType<typeof asyncBufferFromFile>>;
type Metadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;

export async function openGeoparquet({ path }: FilePlace): Promise<FeatureFile> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'geo')?.value;
  if (text === undefined) throw new FileFault('The file has no geo metadata.');
  const { primary_column: column, columns } = JSON.parse(text) as GeoMetadata;
  const id = columns[column]?.crs?.id;
  // Without a crs member it is longitude and latitude.
  const crs = columns[column]?.crs === undefined ? 'OGC:CRS84' : id && `${id.authority}:${id.code}`;
  return { ...(crs && { crs }), features: featuresOf(file, metadata, column) };
}

async function* featuresOf(
  file: ParquetFile,
  metadata: Metadata,
  column: string,
): AsyncGenerator<FileFeature> {
  const count = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < count; rowStart += BATCH) {
    const rowEnd = Math.min(count, rowStart + BATCH);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    for (const { [column]: geometry, ...properties } of rows)
      yield { properties, geometry: (geometry ?? null) as Geometry | null };
  }
}
