import type { Geometry } from 'geojson';
import type { FeatureRecord, Pointer } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import type { OperationContext } from './operation.js';

const NAMED = 5;

/** A geometry that is fit for an operation: in the heap, and as GeoJSON. */
export interface Prepared {
  pointer: Pointer;
  geometry: Geometry;
}

/**
 * Checks the geometries of one input before an operation sees them: repairs, refuses or accepts invalid ones as the
 * input's definition says, and tells what was repaired. Overlays of invalid geometry fail or are wrong.
 */
export class Preparation {
  private readonly repaired: string[] = [];
  private readonly dropped: string[] = [];
  private readonly policy: 'repair' | 'refuse' | 'accept';

  constructor(
    private readonly context: OperationContext,
    private readonly input: string,
    /** Whether an area that is none (a spike) becomes a line, rather than nothing. */
    private readonly keepCollapsed = false,
  ) {
    this.policy = context.inputs[input]!.invalidGeometry;
  }

  /** Null where there is no geometry, or nothing is left of it. The pointer belongs to the present arena. */
  prepare(feature: FeatureRecord, index: number): Prepared | null {
    const { geos } = this.context;
    const { geometry } = feature;
    if (!geometry) return null;
    const pointer = geos.write(geometry);
    if (this.policy === 'accept' || geos.isValid(pointer)) return { pointer, geometry };
    if (this.policy === 'refuse') {
      const { reason, at } = geos.invalidity(pointer)!;
      const where = at ? `${reason} at ${at.slice(0, 2).join(' ')}` : reason;
      const path = `/inputs/${this.input}`;
      throw invalidInput(`${path}: the geometry of ${nameOf(feature, index)} is invalid: ${where}`, [
        { path, message: `the geometry of ${nameOf(feature, index)} is invalid: ${where}` },
      ]);
    }
    let mended = geos.makeValid(pointer, 'structure');
    if (this.keepCollapsed && geos.isEmpty(mended)) mended = geos.makeValid(pointer, 'linework');
    const left = geos.read(mended);
    (left ? this.repaired : this.dropped).push(nameOf(feature, index));
    return left && { pointer: mended, geometry: left };
  }

  /** Adds a message about what was done, if anything was. */
  report(): void {
    tell(this.context, this.repaired, `invalid geometries of ${this.input} were repaired`);
    tell(this.context, this.dropped, `geometries of ${this.input} enclose no area and were left out`);
  }
}

export const nameOf = ({ id }: FeatureRecord, index: number): string =>
  id === undefined ? `feature ${index}` : `feature ${JSON.stringify(id).slice(0, 40)}`;

/** A warning with a count and the first few features it is about; none where it is about none. */
export function tell(
  { messages }: Pick<OperationContext, 'messages'>,
  features: string[],
  what: string,
): void {
  if (features.length === 0) return;
  const names = features.slice(0, NAMED).join(', ') + (features.length > NAMED ? ', …' : '');
  messages.push({ level: 'warning', text: `${features.length} ${what}: ${names}` });
}
