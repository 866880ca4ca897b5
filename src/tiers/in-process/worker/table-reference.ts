import { type FeatureSet, findCrs } from '../../../geometry-codecs/worker.js';
import type { InputDefinition } from '../../../registry/worker.js';
import type { Fault } from '../../../shared/app-error.js';
import type { TableInPlace } from '../../../shared/layer-reference.js';

const KINDS = [
  ['point', 'Point'],
  ['line', 'LineString'],
  ['polygon', 'Polygon'],
] as const;

/** Features that stay in their table. Only what was fetched as such becomes one: no request can hold it. */
export class TableReference {
  constructor(
    private readonly href: string,
    private readonly table: TableInPlace,
  ) {}

  /** Known by its description alone, or the faults that it shows. */
  describe(path: string, { geometryTypes }: Pick<InputDefinition, 'geometryTypes'>): FeatureSet | Fault[] {
    const crs = findCrs(this.table.crs);
    if ('message' in crs) return [{ path: `${path}/crs`, message: crs.message }];
    const stranger = this.table.geometryTypes
      .map(kindOf)
      .find((kind) => kind && geometryTypes?.includes(kind) === false);
    if (stranger)
      return [{ path, message: `takes ${geometryTypes!.join(' and ')} geometry, not ${stranger}` }];
    const { features, vertices } = this.table;
    return { features: [], crs, vertices, inPlace: { href: this.href, features } };
  }
}

/** Undefined for collections, which may hold any. */
const kindOf = (type: string): 'point' | 'line' | 'polygon' | undefined =>
  KINDS.find(([, ending]) => type.endsWith(ending))?.[0];
