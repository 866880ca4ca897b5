declare module '@mapbox/shp-write' {
  import type { FeatureCollection } from 'geojson';
  export function zip(
    collection: FeatureCollection,
    options: { outputType: 'nodebuffer'; compression: 'DEFLATE' | 'STORE'; prj?: string },
  ): Promise<Buffer>;
}
