import { make } from './elements.js';

const PAGE_ROWS = 20;
/** Attributes are looked for in the first features. */
const LOOKED_AT = 1_000;
const MAX_COLUMNS = 40;

type Order = { column: string; down: boolean };

/** The attributes of features as a table: paged, to be sorted by any column, one row for each feature. */
export class FeatureTable {
  readonly element = make('div', { class: 'feature-table' });
  private readonly columns: string[];
  private rows: GeoJSON.Feature[];
  private order?: Order;
  private page = 0;
  private marked?: GeoJSON.Feature;

  constructor(
    private readonly features: GeoJSON.Feature[],
    private readonly chosen: (feature: GeoJSON.Feature) => void,
  ) {
    this.rows = features;
    this.columns = columnsOf(features);
    this.draw();
  }

  /** Turns to the page of a feature and marks its row. */
  mark(feature: GeoJSON.Feature): void {
    this.marked = feature;
    this.page = Math.floor(this.rows.indexOf(feature) / PAGE_ROWS);
    this.draw();
  }

  private draw(): void {
    const first = this.page * PAGE_ROWS;
    const shown = this.rows.slice(first, first + PAGE_ROWS);
    const table = make(
      'table',
      {},
      this.head(),
      make('tbody', {}, ...shown.map((feature, at) => this.row(feature, first + at))),
    );
    const region = make(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Attributes' },
      table,
    );
    this.element.replaceChildren(region, this.pager(first, shown.length));
  }

  private head(): HTMLElement {
    const cells = ['#', 'geometry', ...this.columns].map((column, at) => {
      const number = typeof valueOf(this.rows[0]!, column) === 'number';
      const cell = make('th', { scope: 'col', ...(number && { class: 'number' }) });
      if (at === 0) return (cell.append('#'), cell);
      const sorted = this.order?.column === column;
      if (sorted) cell.setAttribute('aria-sort', this.order!.down ? 'descending' : 'ascending');
      const button = make(
        'button',
        { type: 'button', class: 'sort' },
        column,
        sorted ? (this.order!.down ? ' ↓' : ' ↑') : '',
      );
      button.addEventListener('click', () => this.sort(column));
      cell.append(button);
      return cell;
    });
    return make('thead', {}, make('tr', {}, ...cells));
  }

  private row(feature: GeoJSON.Feature, index: number): HTMLElement {
    const button = make(
      'button',
      { type: 'button', class: 'sort', 'aria-label': `Show row ${index + 1} on the map` },
      String(index + 1),
    );
    button.addEventListener('click', () => {
      this.mark(feature);
      this.chosen(feature);
    });
    const cells = ['geometry', ...this.columns].map((column) => {
      const value = valueOf(feature, column);
      return make('td', typeof value === 'number' ? { class: 'number' } : {}, textOf(value));
    });
    const row = make('tr', {}, make('th', { scope: 'row' }, button), ...cells);
    if (feature === this.marked) row.setAttribute('aria-current', 'true');
    return row;
  }

  private pager(first: number, count: number): HTMLElement {
    const total = this.rows.length;
    const step = (text: string, by: number, possible: boolean): HTMLElement => {
      const button = make('button', { type: 'button', class: 'small' }, text);
      button.disabled = !possible;
      button.addEventListener('click', () => {
        this.page += by;
        this.draw();
      });
      return button;
    };
    return make(
      'div',
      { class: 'pager' },
      step('Previous', -1, first > 0),
      make('span', { role: 'status' }, `${first + 1} to ${first + count} of ${total.toLocaleString('en')}`),
      step('Next', 1, first + count < total),
    );
  }

  private sort(column: string): void {
    const down = this.order?.column === column && !this.order.down;
    this.order = { column, down };
    const sign = down ? -1 : 1;
    this.rows = this.features.toSorted((a, b) => sign * compare(valueOf(a, column), valueOf(b, column)));
    this.page = 0;
    this.draw();
  }
}

function columnsOf(features: GeoJSON.Feature[]): string[] {
  const names = new Set(
    features.slice(0, LOOKED_AT).flatMap(({ properties }) => Object.keys(properties ?? {})),
  );
  const withId = features.some(({ id }) => id !== undefined);
  return [...(withId ? ['id'] : []), ...names].slice(0, MAX_COLUMNS);
}

function valueOf(feature: GeoJSON.Feature, column: string): unknown {
  if (column === 'geometry') return feature.geometry?.type ?? 'none';
  const { properties } = feature;
  return properties && Object.hasOwn(properties, column)
    ? properties[column]
    : column === 'id'
      ? feature.id
      : undefined;
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return textOf(a).localeCompare(textOf(b), 'en', { numeric: true });
}
