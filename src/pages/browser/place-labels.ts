import { onThemeChange, themeColors } from './theme-colors.js';

type Place = [name: string, longitude: number, latitude: number];

/** Room around a name that no other name may take, in pixels. */
const MARGIN = 14;
const MAX_NAMES = 70;
const HEIGHT = 14;
const FONT = `12px 'Atkinson Hyperlegible Next', sans-serif`;

/** The names of the largest places in view, as many as have room: drawn anew whenever the map has moved. */
export class PlaceLabels {
  private readonly canvas = document.createElement('canvas');
  private places: Place[] = [];

  static addTo(map: L.Map): PlaceLabels {
    return new PlaceLabels(map);
  }

  private constructor(private readonly map: L.Map) {
    this.canvas.className = 'leaflet-zoom-hide place-labels';
    map.createPane('places').style.zIndex = '450';
    map.getPane('places')!.append(this.canvas);
    map.on('moveend zoomend resize viewreset', () => this.draw());
    onThemeChange(() => this.draw());
    void this.load();
  }

  private async load(): Promise<void> {
    const [reply] = await Promise.all([fetch(new URL('places.json', import.meta.url)), document.fonts.ready]);
    this.places = (await reply.json()) as Place[];
    this.draw();
  }

  private draw(): void {
    const { x: width, y: height } = this.map.getSize();
    const scale = devicePixelRatio;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
    const pen = this.canvas.getContext('2d')!;
    pen.scale(scale, scale);
    pen.font = FONT;
    const taken: L.Bounds[] = [];
    const bounds = this.map.getBounds().pad(0.02);
    for (const place of this.places) {
      if (taken.length >= MAX_NAMES) break;
      const spot = this.spotOf(place, bounds);
      if (spot) this.name(pen, place[0], spot, taken);
    }
  }

  /** Where a place is on the map, which may show the world more than once. */
  private spotOf([, longitude, latitude]: Place, bounds: L.LatLngBounds): L.Point | undefined {
    if (latitude < bounds.getSouth() || latitude > bounds.getNorth()) return undefined;
    const turns = Math.ceil((bounds.getWest() - longitude) / 360);
    const shown = longitude + turns * 360;
    return shown <= bounds.getEast() ? this.map.latLngToContainerPoint([latitude, shown]) : undefined;
  }

  private name(pen: CanvasRenderingContext2D, name: string, { x, y }: L.Point, taken: L.Bounds[]): void {
    const room = L.bounds(
      [x - MARGIN, y - MARGIN],
      [x + pen.measureText(name).width + MARGIN, y + HEIGHT / 2 + MARGIN],
    );
    if (taken.some((other) => other.intersects(room))) return;
    taken.push(room);
    const { ink, land } = themeColors();
    pen.fillStyle = ink;
    pen.strokeStyle = land;
    pen.lineWidth = 3;
    pen.lineJoin = 'round';
    pen.globalAlpha = 0.75;
    pen.beginPath();
    pen.arc(x, y, 2, 0, 2 * Math.PI);
    pen.fill();
    pen.strokeText(name, x + 6, y + 4);
    pen.fillText(name, x + 6, y + 4);
  }
}
