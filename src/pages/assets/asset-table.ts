import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { assetFiles } from './asset-files.js';

export interface Asset {
  mediaType: string;
  bytes: Buffer;
  /** Compressed once, when first asked for; absent where that gains nothing. */
  brotli(): Promise<Buffer> | undefined;
}

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^text\/|json|svg/;
const QUALITY = 7;

const compress = promisify(brotliCompress);

/**
 * The assets as they are at boot. All stand under one version, the hash of all of them, so that a module finds its
 * neighbours by relative path and everything can be cached for ever.
 */
export class AssetTable {
  private readonly assets = new Map<string, Asset>();
  readonly version: string;

  constructor(files = assetFiles()) {
    const hash = createHash('sha256');
    for (const [name, path] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const bytes = readFileSync(path);
      hash.update(`${name}\0${bytes.length}\0`).update(bytes);
      this.assets.set(name, toAsset(name, bytes));
    }
    this.version = hash.digest('base64url').slice(0, 12);
  }

  find(name: string): Asset | undefined {
    return this.assets.get(name);
  }

  get names(): string[] {
    return [...this.assets.keys()];
  }
}

function toAsset(name: string, bytes: Buffer): Asset {
  const mediaType = MEDIA_TYPES[extname(name)] ?? 'application/octet-stream';
  let compressed: Promise<Buffer> | undefined;
  return {
    mediaType,
    bytes,
    brotli: () =>
      COMPRESSIBLE.test(mediaType)
        ? (compressed ??= compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }))
        : undefined,
  };
}

/** Read when the first page or asset is asked for; a server that is only spoken to in JSON never does. */
let table: AssetTable | undefined;
export const assetTable = (): AssetTable => (table ??= new AssetTable());

/** The path of an asset. `root` is the path that the service stands under, without a trailing slash. */
export function assetPath(root: string, name: string): string {
  if (!assetTable().find(name)) throw new Error(`There is no asset ${name}`);
  return `${root}/assets/${assetTable().version}/${name}`;
}
