declare module '@terraformer/arcgis' {
  export function arcgisToGeoJSON(geometry: never): object;
}
