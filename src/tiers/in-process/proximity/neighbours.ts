import type { Bounds, FeatureRecord, Geos, Pointer } from '../../../geometry-codecs/worker.js';
import { mapPositions, PreparedOther } from '../../../geometry-codecs/worker.js';
import { boundsOf } from '../bounds.js';
import type { Prepared } from '../operations/preparation.js';
import { BallTree } from './ball-tree.js';
import { GLOBE, type Metric, PLANE } from './metric.js';
import { Shape } from './shape.js';

export interface Neighbour {
  /** Place of its feature in the input. */
  index: number;
  feature: FeatureRecord;
  /** In metres on the globe, in units of the plane; 0 where the two meet. */
  distance: number;
}

interface Member extends Prepared {
  index: number;
  feature: FeatureRecord;
  shape: Shape;
  bounds: Bounds;
  test: PreparedOther;
}

/** Features that others ask for their nearest. It lives in the present arena. */
export class Neighbours {
  private readonly members: Member[];
  private readonly tree: BallTree;
  private readonly metric: Metric;

  constructor(
    private readonly geos: Geos,
    candidates: (Prepared & { index: number; feature: FeatureRecord })[],
    private readonly geographic: boolean,
  ) {
    this.metric = geographic ? GLOBE : PLANE;
    this.members = candidates.map((one) => ({
      ...one,
      shape: new Shape(this.metric, one.geometry),
      bounds: boundsOf(one.geometry),
      test: new PreparedOther(geos, one.pointer),
    }));
    this.tree = new BallTree(this.members.map(({ shape }) => shape));
  }

  get count(): number {
    return this.members.length;
  }

  /** The nearest so many within a distance, nearest first; of those equally far, in the order of the input. */
  nearest(to: Prepared, count: number, within = Infinity): Neighbour[] {
    const shape = new Shape(this.metric, to.geometry);
    const turns = this.turnsOf(to);
    const found: Neighbour[] = [];
    const limit = (): number => (found.length < count ? within : found[found.length - 1]!.distance);
    this.tree.visit(
      shape,
      () => this.metric.straight(limit()),
      (at) => {
        const member = this.members[at]!;
        const distance = this.meets(turns, member) ? 0 : member.shape.distance(shape, limit());
        if (distance > limit()) return;
        const { index, feature } = member;
        found.push({ index, feature, distance });
        found.sort((a, b) => a.distance - b.distance || a.index - b.index);
        found.length = Math.min(found.length, count);
      },
    );
    return found;
  }

  /** All within a distance, in no order. */
  within(to: Prepared, distance: number): Neighbour[] {
    const shape = new Shape(this.metric, to.geometry);
    const turns = this.turnsOf(to);
    const found: Neighbour[] = [];
    const straight = this.metric.straight(distance);
    this.tree.visit(
      shape,
      () => straight,
      (at) => {
        const member = this.members[at]!;
        const apart = this.meets(turns, member) ? 0 : member.shape.distance(shape, distance);
        if (apart <= distance) found.push({ index: member.index, feature: member.feature, distance: apart });
      },
    );
    return found;
  }

  /** The geometry in the plane of the others: on the globe also a turn to the west and to the east. */
  private turnsOf({ geometry, pointer }: Prepared): { bounds: Bounds; pointer: Pointer }[] {
    const here = { bounds: boundsOf(geometry), pointer };
    if (!this.geographic) return [here];
    const others = [-360, 360].map((turn) => {
      const turned = mapPositions(geometry, ([lon, ...rest]) => [lon! + turn, ...rest]);
      return { bounds: boundsOf(turned), pointer: this.geos.write(turned) };
    });
    return [here, ...others];
  }

  private meets(turns: { bounds: Bounds; pointer: Pointer }[], { bounds, test }: Member): boolean {
    return turns.some((one) => overlap(one.bounds, bounds) && test.holds('intersects', one.pointer));
  }
}

const overlap = (a: Bounds, b: Bounds): boolean =>
  a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
