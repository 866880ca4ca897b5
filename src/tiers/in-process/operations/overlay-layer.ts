import Flatbush from 'flatbush';
import {
  type Bounds,
  type FeatureRecord,
  type FeatureSet,
  type Pointer,
  PreparedOther,
} from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { boundsOf } from '../bounds.js';
import type { OperationContext } from './operation.js';
import { Preparation, type Prepared } from './preparation.js';

/** One feature of a layer, fit to be held against others. */
export interface LayerMember extends Prepared {
  /** Place of its feature in the input. */
  index: number;
  feature: FeatureRecord;
  test: PreparedOther;
}

/** An input whose features others are overlaid with: checked, prepared and indexed. It lives in the present arena. */
export class OverlayLayer {
  private readonly index?: Flatbush;

  private constructor(readonly members: LayerMember[]) {
    if (members.length === 0) return;
    this.index = new Flatbush(members.length);
    for (const { geometry } of members) this.index.add(...boundsOf(geometry));
    this.index.finish();
  }

  /** `keepCollapsed`: an area that is none takes part as a line. */
  static of(context: OperationContext, input: string, keepCollapsed = false): OverlayLayer {
    const preparation = new Preparation(context, input, keepCollapsed);
    const members = context.expression.features(input).features.flatMap((feature, index): LayerMember[] => {
      const prepared = preparation.prepare(feature, index);
      return prepared
        ? [{ ...prepared, index, feature, test: new PreparedOther(context.geos, prepared.pointer) }]
        : [];
    });
    preparation.report();
    return new OverlayLayer(members);
  }

  /** Members whose bounds meet these, in the order of the input. */
  near(bounds: Bounds): LayerMember[] {
    if (!this.index) return [];
    return this.index
      .search(...bounds)
      .sort((a, b) => a - b)
      .map((at) => this.members[at]!);
  }

  /** Members that share at least a point with a geometry. */
  meeting({ geometry, pointer }: Prepared): LayerMember[] {
    return this.near(boundsOf(geometry)).filter(({ test }) => test.holds('intersects', pointer));
  }
}

/** Two inputs that are laid over each other must be in one coordinate system. */
export function requireSameCrs(
  first: [input: string, set: FeatureSet],
  second: [input: string, set: FeatureSet],
): void {
  if (first[1].crs.proj === second[1].crs.proj) return;
  const path = `/inputs/${second[0]}`;
  const message = `is in ${second[1].crs.name}, but ${first[0]} is in ${first[1].crs.name}; reproject one of them`;
  throw invalidInput(`${path}: ${message}`, [{ path, message }]);
}

/** One geometry that covers what all of some members cover. */
export const together = ({ geos }: OperationContext, pointers: Pointer[]): Pointer =>
  pointers.length === 1 ? pointers[0]! : geos.unaryUnion(geos.collect(pointers));
