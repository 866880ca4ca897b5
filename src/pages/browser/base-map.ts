import { PlaceLabels } from './place-labels.js';
import { onThemeChange, themeColors } from './theme-colors.js';

/** From here on the finer borders are worth their size. */
const FINE_ZOOM = 4;

/**
 * A map on `element` with the countries of Natural Earth under everything else. Leaflet and topojson are globals, from
 * scripts that the page loads before.
 */
export function baseMap(element: HTMLElement): L.Map {
  const map = L.map(element, {
    preferCanvas: true,
    worldCopyJump: true,
    minZoom: 1,
    maxZoom: 20,
    zoomSnap: 0.5,
    attributionControl: false,
  });
  map.setView([25, 10], 1.5);
  L.control.scale({ imperial: false }).addTo(map);
  map.createPane('base').style.zIndex = '100';
  const countries = L.geoJSON(undefined, {
    pane: 'base',
    interactive: false,
    style: countryStyle,
  }).addTo(map);
  onThemeChange(() => countries.setStyle(countryStyle()));
  void showCountries(countries, 'world-110m.json');
  const refine = (): void => {
    if (map.getZoom() < FINE_ZOOM) return;
    map.off('zoomend', refine);
    void showCountries(countries, 'world-50m.json');
  };
  map.on('zoomend', refine);
  PlaceLabels.addTo(map);
  return map;
}

function countryStyle(): L.PathOptions {
  const { land, border } = themeColors();
  return { fillColor: land, fillOpacity: 1, color: border, weight: 0.8 };
}

async function showCountries(layer: L.GeoJSON, name: string): Promise<void> {
  const reply = await fetch(new URL(name, import.meta.url));
  const world = (await reply.json()) as TopoJSON.Topology;
  const countries = topojson.feature(world, world.objects.countries!);
  layer.clearLayers();
  layer.addData(countries);
}
