import { readFile } from 'node:fs/promises';
import { parseCrsReference } from '../../shared/crs-reference.js';
import { FileFault, type FeatureFile, type FileFeature, type FilePlace } from './feature-file.js';

interface Document {
  type?: string;
  crs?: { properties?: { name?: string } };
  features?: FileFeature[];
}

/** A FeatureCollection or a Feature (RFC 7946), or one with the `crs` member of older GeoJSON. */
export async function openGeojson({ path }: FilePlace): Promise<FeatureFile> {
  let document: Document;
  try {
    document = JSON.parse(await readFile(path, 'utf8')) as Document;
  } catch (error) {
    throw error instanceof SyntaxError ? new FileFault('It is no JSON.') : error;
  }
  const features = document.type === 'Feature' ? [document as FileFeature] : document.features;
  if (!Array.isArray(features)) throw new FileFault('It is no FeatureCollection.');
  const name = document.crs?.properties?.name;
  return { crs: name === undefined ? 'OGC:CRS84' : parseCrsReference(name), features };
}
