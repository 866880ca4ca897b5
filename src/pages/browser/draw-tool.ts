import { themeColors } from './theme-colors.js';

export type Shape = 'Point' | 'Line' | 'Polygon';

/** Fewest positions that make the shape. */
const LEAST: Record<Shape, number> = { Point: 1, Line: 2, Polygon: 3 };
const DIGITS = 6;

/**
 * Draws one shape at a time on a map: by clicking, or with the keyboard, where the arrow keys move the map under a
 * cross in its middle and Enter sets a position there.
 */
export class DrawTool {
  private shape?: Shape;
  private positions: L.LatLng[] = [];
  private readonly sketch = L.layerGroup();
  private readonly cross: HTMLElement;

  constructor(
    private readonly map: L.Map,
    private readonly finished: (geometry: GeoJSON.Geometry) => void,
    private readonly changed: (shape: Shape | undefined, count: number, ready: boolean) => void,
  ) {
    this.sketch.addTo(map);
    this.cross = document.createElement('div');
    this.cross.className = 'cross';
    this.cross.hidden = true;
    map.getContainer().append(this.cross);
    map.on('click', ({ latlng }) => this.add(latlng));
    map.on('mousemove', ({ latlng }) => this.draw(latlng));
    map.getContainer().addEventListener('keydown', (event) => this.key(event));
  }

  start(shape: Shape): void {
    this.shape = shape;
    this.positions = [];
    this.map.doubleClickZoom.disable();
    this.map.getContainer().classList.add('drawing-now');
    this.cross.hidden = false;
    this.update();
  }

  stop(): void {
    this.shape = undefined;
    this.positions = [];
    this.map.doubleClickZoom.enable();
    this.map.getContainer().classList.remove('drawing-now');
    this.cross.hidden = true;
    this.update();
  }

  undo(): void {
    this.positions.pop();
    this.update();
  }

  finish(): void {
    const { shape, positions } = this;
    if (!shape || positions.length < LEAST[shape]) return;
    const coordinates = positions.map(({ lng, lat }) => [rounded(lng), rounded(lat)]);
    this.stop();
    this.finished(geometryOf(shape, coordinates));
  }

  private add(position: L.LatLng): void {
    if (!this.shape) return;
    const last = this.positions.at(-1);
    // The second click of a double click is on the spot of the first: it ends the shape.
    if (
      last &&
      this.map.latLngToContainerPoint(last).distanceTo(this.map.latLngToContainerPoint(position)) < 6
    )
      return this.finish();
    this.positions.push(position);
    if (this.shape === 'Point') return this.finish();
    this.update();
  }

  private key(event: KeyboardEvent): void {
    if (!this.shape || event.target !== this.map.getContainer()) return;
    if (event.key === 'Escape') this.stop();
    else if (event.key === 'Backspace') this.undo();
    else if (event.key === 'Enter' && event.shiftKey) this.finish();
    else if (event.key === 'Enter' || event.key === ' ') this.add(this.map.getCenter());
    else return;
    event.preventDefault();
  }

  private update(): void {
    const { shape, positions } = this;
    this.changed(shape, positions.length, shape !== undefined && positions.length >= LEAST[shape]);
    this.draw();
  }

  private draw(towards?: L.LatLng): void {
    this.sketch.clearLayers();
    if (!this.shape) return;
    const { drawn } = themeColors();
    const line = [...this.positions, ...(towards && this.positions.length > 0 ? [towards] : [])];
    const options = { color: drawn, weight: 2.5, dashArray: '6 5', interactive: false };
    if (line.length > 1)
      this.sketch.addLayer(this.shape === 'Polygon' ? L.polygon(line, options) : L.polyline(line, options));
    for (const position of this.positions)
      this.sketch.addLayer(
        L.circleMarker(position, { radius: 4, color: drawn, fillOpacity: 1, interactive: false }),
      );
  }
}

function geometryOf(shape: Shape, coordinates: number[][]): GeoJSON.Geometry {
  if (shape === 'Point') return { type: 'Point', coordinates: coordinates[0]! };
  if (shape === 'Line') return { type: 'LineString', coordinates };
  return { type: 'Polygon', coordinates: [[...coordinates, coordinates[0]!]] };
}

const rounded = (degrees: number): number => Number(degrees.toFixed(DIGITS));
