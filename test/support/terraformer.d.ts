declare module '@terraformer/arcgis' {
  export function arcgisToGeoJSON(geometry: never): object;
  export function geojsonToArcGIS(geometry: never): object;
}
