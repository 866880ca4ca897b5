import { baseMap } from './base-map.js';
import { DrawTool, type Shape } from './draw-tool.js';
import { all, required } from './elements.js';
import type { FormField } from './form-field.js';
import { spatialData } from './spatial-data.js';
import { onThemeChange, themeColors } from './theme-colors.js';

/** More than this is not drawn in a form. */
const MAX_DRAWN = 5_000;
const EDGE_DEGREES = 0.02;

/** The map of a form: shows what is in its fields, and draws into the chosen one. */
export class FormMap {
  private readonly map = baseMap(required('#map'));
  private readonly layers = new Map<FormField, L.GeoJSON>();
  private readonly tool: DrawTool;
  private readonly target = required<HTMLSelectElement>('#draw-into');
  private readonly told = required('#draw-told');
  private readonly hint = this.told.textContent;

  constructor(private readonly fields: FormField[]) {
    this.tool = new DrawTool(
      this.map,
      (geometry) => this.add(geometry),
      (shape, count, ready) => this.showTools(shape, count, ready),
    );
    for (const button of all<HTMLButtonElement>('[data-draw]'))
      button.addEventListener('click', () => this.toggle(button));
    required('#drawing [data-do=undo]').addEventListener('click', () => this.tool.undo());
    required('#drawing [data-do=finish]').addEventListener('click', () => this.tool.finish());
    for (const [index, field] of fields.entries()) {
      const style = (): L.PathOptions => fieldStyle(index);
      const layer = L.geoJSON(undefined, {
        style,
        pointToLayer: (_, position) => L.circleMarker(position, { radius: 6 }),
      });
      this.layers.set(field, layer.addTo(this.map));
      onThemeChange(() => layer.setStyle(style()));
    }
  }

  /** Draws what the fields hold now. */
  show(fit: boolean): void {
    for (const [field, layer] of this.layers) this.showField(field, layer);
    const bounds = L.latLngBounds([]);
    for (const layer of this.layers.values()) bounds.extend(layer.getBounds());
    if (fit && bounds.isValid())
      this.map.fitBounds(bounds.pad(0.3), {
        maxZoom: bounds.getNorth() - bounds.getSouth() < EDGE_DEGREES ? 12 : 16,
        animate: false,
      });
  }

  private showField(field: FormField, layer: L.GeoJSON): void {
    layer.clearLayers();
    const data = spatialData(given(field));
    if (!data) return field.tell('');
    const { features, crs } = data;
    const shown = features.length <= MAX_DRAWN && !crs;
    if (shown) for (const feature of features) if (feature.geometry) layer.addData(feature);
    const count = `${features.length} feature${features.length === 1 ? '' : 's'}`;
    field.tell(
      crs ? `${count} in ${crs}: not on this map` : shown ? count : `${count}: too many to draw here`,
    );
  }

  private add(geometry: GeoJSON.Geometry): void {
    const field = this.fields.find(({ name }) => name === this.target.value);
    if (!field) return;
    if (field.kind === 'bbox') field.write({ bbox: boxOf(geometry) });
    else {
      const before = spatialData(given(field));
      const earlier = before && !before.crs ? before.features : [];
      const feature: GeoJSON.Feature = { type: 'Feature', properties: {}, geometry };
      field.write(
        earlier.length === 0 ? feature : { type: 'FeatureCollection', features: [...earlier, feature] },
      );
    }
    field.element.dispatchEvent(new Event('input', { bubbles: true }));
    this.told.textContent = `Drawn into ${field.title}. ${this.hint}`;
  }

  private toggle(button: HTMLButtonElement): void {
    if (button.getAttribute('aria-pressed') === 'true') return this.tool.stop();
    this.tool.start(button.dataset.draw as Shape);
    this.map.getContainer().focus({ preventScroll: true });
  }

  private showTools(shape: Shape | undefined, count: number, ready: boolean): void {
    for (const button of all('[data-draw]'))
      button.setAttribute('aria-pressed', String(button.dataset.draw === shape));
    required('#drawing [data-do=undo]').hidden = !shape || count === 0;
    required('#drawing [data-do=finish]').hidden = !ready;
    this.told.textContent = shape
      ? `${count} position${count === 1 ? '' : 's'}. Click, or Enter in the middle of the map, sets one; a double click or Shift+Enter finishes; Escape gives up.`
      : this.hint;
  }
}

/** What the field holds, as far as it can be read; a box as the polygon of its sides. */
function given(field: FormField): unknown {
  try {
    const value = field.value();
    const bbox = field.kind === 'bbox' ? (value as { bbox?: number[] } | undefined)?.bbox : undefined;
    if (field.kind !== 'bbox') return value;
    if (!bbox) return undefined;
    const [west, south, east, north] = bbox as [number, number, number, number];
    return {
      type: 'Polygon',
      coordinates: [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    };
  } catch {
    return undefined;
  }
}

function boxOf(geometry: GeoJSON.Geometry): number[] {
  const bounds = L.geoJSON(geometry).getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

function fieldStyle(index: number): L.PathOptions {
  const { drawn, result } = themeColors();
  const color = index % 2 === 0 ? drawn : result;
  return { color, weight: 2, fillColor: color, fillOpacity: 0.18 };
}
