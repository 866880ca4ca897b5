import { BallTree } from './proximity/ball-tree.js';
import type { Vector } from './proximity/metric.js';

export interface Weighted {
  place: Vector;
  weight: number;
}

/** So that rounding leaves out nothing that is near enough. */
const SLACK = 1 + 1e-9;

/** How dense places lie, by the quartic (biweight) kernel: that of one place sums up to its weight over its surroundings. */
export class KernelDensity {
  private readonly tree: BallTree;

  constructor(
    private readonly places: Weighted[],
    private readonly radius: number,
  ) {
    this.tree = new BallTree(places.map(({ place }) => ({ center: place, radius: 0 })));
  }

  /** Weight per square unit. */
  at(place: Vector): number {
    const squaredRadius = this.radius * this.radius;
    let sum = 0;
    this.tree.visit(
      { center: place, radius: 0 },
      () => this.radius * SLACK,
      (index) => {
        const { place: other, weight } = this.places[index]!;
        const [dx, dy, dz] = [place[0] - other[0], place[1] - other[1], place[2] - other[2]];
        const left = Math.max(0, 1 - (dx * dx + dy * dy + dz * dz) / squaredRadius);
        sum += weight * left * left;
      },
    );
    return (sum * 3) / (Math.PI * squaredRadius);
  }
}
