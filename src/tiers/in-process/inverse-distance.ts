import type { Vector } from './proximity/metric.js';

export interface Sample {
  place: Vector;
  value: number;
}

export interface InverseDistanceStyle {
  power: number;
  /** Only the nearest so many count; of several as far away, the first. */
  neighbours?: number | undefined;
  /** Only what is at most so far away counts. */
  radius?: number | undefined;
}

/**
 * Values between samples: means weighted by a power of the inverse distance (Shepard 1968). Where samples lie, their value,
 * or the mean of theirs.
 */
export class InverseDistance {
  private readonly squares: Float64Array;
  private readonly chosen: Uint32Array;

  constructor(
    private readonly samples: Sample[],
    private readonly style: InverseDistanceStyle,
  ) {
    this.squares = new Float64Array(samples.length);
    this.chosen = new Uint32Array(samples.length);
  }

  /** Null where no sample counts. */
  at(place: Vector): number | null {
    const count = this.choose(place);
    if (count === 0) return null;
    const { squares, chosen, samples } = this;
    const power = this.style.power / 2;
    let least = Infinity;
    for (let i = 0; i < count; i++) least = Math.min(least, squares[chosen[i]!]!);
    // The nearest has a weight of 1, so that no power of a distance is too large or too small for a number.
    let [sum, weights] = [0, 0];
    for (let i = 0; i < count; i++) {
      const squared = squares[chosen[i]!]!;
      const ratio = least === 0 ? Number(squared === 0) : least / squared;
      const weight = power === 1 ? ratio : ratio ** power;
      sum += weight * samples[chosen[i]!]!.value;
      weights += weight;
    }
    return sum / weights;
  }

  /** Puts what counts into `chosen`, and tells how many these are. */
  private choose([x, y, z]: Vector): number {
    const { samples, squares, chosen } = this;
    const { neighbours = Infinity, radius = Infinity } = this.style;
    let count = 0;
    for (const [at, { place }] of samples.entries()) {
      const [dx, dy, dz] = [x - place[0], y - place[1], z - place[2]];
      const squared = dx * dx + dy * dy + dz * dz;
      squares[at] = squared;
      if (squared > radius * radius) continue;
      if (count < neighbours) count += 1;
      else if (squared >= squares[chosen[count - 1]!]!) continue;
      if (neighbours === Infinity) chosen[count - 1] = at;
      else this.insert(at, count);
    }
    return count;
  }

  /** Into the order of distances, in place of the last. */
  private insert(at: number, count: number): void {
    const { squares, chosen } = this;
    let slot = count - 1;
    for (; slot > 0 && squares[chosen[slot - 1]!]! > squares[at]!; slot--) chosen[slot] = chosen[slot - 1]!;
    chosen[slot] = at;
  }
}
