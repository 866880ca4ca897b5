import type { Vector } from './metric.js';

/** Something that lies within a ball. */
export interface Ball {
  center: Vector;
  radius: number;
}

interface Node extends Ball {
  children?: [Node, Node];
  /** Of a leaf. */
  items: number[];
}

const LEAF = 8;

export const gapBetween = (a: Ball, b: Ball): number =>
  Math.hypot(a.center[0] - b.center[0], a.center[1] - b.center[1], a.center[2] - b.center[2]) -
  a.radius -
  b.radius;

/** Finds, among many balls, those nearest to another. */
export class BallTree {
  private readonly root?: Node;

  constructor(private readonly balls: readonly Ball[]) {
    if (balls.length > 0) this.root = this.build(balls.map((_, index) => index));
  }

  /** Visits balls that come closer than a limit, which may shrink meanwhile; the near ones rather first. */
  visit(other: Ball, limit: () => number, visitor: (index: number) => void): void {
    const go = (node: Node): void => {
      if (gapBetween(node, other) > limit()) return;
      if (!node.children) {
        for (const index of node.items) if (gapBetween(this.balls[index]!, other) <= limit()) visitor(index);
        return;
      }
      const [a, b] = node.children;
      const aFirst = gapBetween(a, other) <= gapBetween(b, other);
      go(aFirst ? a : b);
      go(aFirst ? b : a);
    };
    if (this.root) go(this.root);
  }

  private build(items: number[]): Node {
    const { ball, axis } = this.enclose(items);
    if (items.length <= LEAF) return { ...ball, items };
    const middle = items.length >> 1;
    items.sort((a, b) => this.balls[a]!.center[axis]! - this.balls[b]!.center[axis]!);
    const children: [Node, Node] = [this.build(items.slice(0, middle)), this.build(items.slice(middle))];
    return { ...ball, children, items: [] };
  }

  /** A ball around some, and the axis along which their centres spread most. */
  private enclose(items: number[]): { ball: Ball; axis: number } {
    const low: Vector = [Infinity, Infinity, Infinity];
    const high: Vector = [-Infinity, -Infinity, -Infinity];
    for (const item of items) {
      const { center } = this.balls[item]!;
      for (let i = 0; i < 3; i++) {
        low[i] = Math.min(low[i]!, center[i]!);
        high[i] = Math.max(high[i]!, center[i]!);
      }
    }
    const center = low.map((value, i) => (value + high[i]!) / 2) as Vector;
    const spread = high.map((value, i) => value - low[i]!);
    let radius = 0;
    for (const item of items) {
      const one = this.balls[item]!;
      radius = Math.max(
        radius,
        gapBetween({ center, radius: 0 }, { center: one.center, radius: -one.radius }),
      );
    }
    return { ball: { center, radius }, axis: spread.indexOf(Math.max(...spread)) };
  }
}
