import { baseMap } from './base-map.js';
import { onThemeChange, themeColors } from './theme-colors.js';

/** What a browser draws without becoming slow. */
const MAX_FEATURES = 20_000;
const MAX_POSITIONS = 400_000;

/** Curves stay round: fewer vertices are left out than is usual. */
const FINE = { smoothFactor: 0.3 };

/** Features on a map; one of them can be pointed at. */
export class FeatureMap {
  readonly map: L.Map;
  /** How many of the features are on the map. */
  readonly drawn: number;
  private readonly layers = new Map<GeoJSON.Feature, L.Layer>();
  private selected?: L.Layer;

  constructor(
    element: HTMLElement,
    features: GeoJSON.Feature[],
    private readonly clicked: (feature: GeoJSON.Feature) => void,
  ) {
    this.map = baseMap(element);
    const chosen = affordable(features);
    this.drawn = chosen.length;
    const layer = L.geoJSON(undefined, {
      style,
      ...FINE,
      pointToLayer: (_, position) => L.circleMarker(position, { radius: 5 }),
      onEachFeature: (feature, own) => {
        this.layers.set(feature, own);
        own.on('click', () => this.clicked(feature));
      },
    }).addTo(this.map);
    for (const feature of chosen) if (feature.geometry) layer.addData(feature);
    const bounds = layer.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.15), { maxZoom: 14, animate: false });
    onThemeChange(() => layer.setStyle(style()));
  }

  /** Marks a feature, and goes there if `go` says so. */
  select(feature: GeoJSON.Feature, go: boolean): void {
    if (this.selected instanceof L.Path) this.selected.setStyle(style());
    this.selected = this.layers.get(feature);
    if (this.selected instanceof L.Path) this.selected.setStyle(selectedStyle()).bringToFront();
    if (!go || !this.selected) return;
    if (this.selected instanceof L.CircleMarker) this.map.panTo(this.selected.getLatLng());
    else if (this.selected instanceof L.Polyline)
      this.map.fitBounds(this.selected.getBounds().pad(0.5), { maxZoom: 15 });
  }
}

/** As many features from the first on as can be drawn. */
function affordable(features: GeoJSON.Feature[]): GeoJSON.Feature[] {
  let positions = 0;
  const end = features.findIndex(({ geometry }, index) => {
    positions += geometry ? countPositions(geometry) : 0;
    return index >= MAX_FEATURES || positions > MAX_POSITIONS;
  });
  return end === -1 ? features : features.slice(0, Math.max(1, end));
}

function countPositions(geometry: GeoJSON.Geometry): number {
  if (geometry.type === 'GeometryCollection')
    return geometry.geometries.reduce((sum, one) => sum + countPositions(one), 0);
  return geometry.coordinates.flat(2).length;
}

function style(): L.PathOptions {
  const { result } = themeColors();
  return { color: result, weight: 1.5, fillColor: result, fillOpacity: 0.22 };
}

function selectedStyle(): L.PathOptions {
  const { drawn } = themeColors();
  return { color: drawn, weight: 3, fillColor: drawn, fillOpacity: 0.4 };
}
