/**
 * The one name of a coordinate reference system in this service: `OGC:CRS84` (longitude, latitude on WGS 84) or
 * `EPSG:<code>`. Undefined for text that names none. Whether the code is supported is not asked here.
 */
export function parseCrsReference(text: string): string | undefined {
  const crs84 =
    /^(?:urn:ogc:def:crs:OGC:[^:]*:CRS84|https?:\/\/www\.opengis\.net\/def\/crs\/OGC\/[^/]+\/CRS84|OGC:CRS84|CRS84)$/i;
  if (crs84.test(text)) return 'OGC:CRS84';
  const epsg =
    /^(?:EPSG:|urn:(?:x-)?ogc:def:crs:EPSG:[^:]*:|https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[^/]+\/)(\d{1,6})$/i.exec(
      text,
    );
  return epsg ? `EPSG:${Number(epsg[1])}` : undefined;
}

/** The same reference as a URN, for the `crs` member that planar GeoJSON carries. */
export function crsUrn(name: string): string {
  return name === 'OGC:CRS84'
    ? 'urn:ogc:def:crs:OGC:1.3:CRS84'
    : `urn:ogc:def:crs:EPSG::${name.slice('EPSG:'.length)}`;
}
