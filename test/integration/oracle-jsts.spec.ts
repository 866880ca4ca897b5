import { array, assert, double, integer, property, record, tuple } from 'fast-check';
import type { Geometry, Position } from 'geojson';
import GeoJSONReader from 'jsts/org/locationtech/jts/io/GeoJSONReader.js';
import BufferOp from 'jsts/org/locationtech/jts/operation/buffer/BufferOp.js';
import OverlayOp from 'jsts/org/locationtech/jts/operation/overlay/OverlayOp.js';
import IsValidOp from 'jsts/org/locationtech/jts/operation/valid/IsValidOp.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { Geos } from '../../src/geometry-codecs/worker.js';
import { planarArea } from '../support/planar-area.js';

const RUNS = { numRuns: 150 };
/** Rarely, GEOS's own repair gives something invalid again: about one in a hundred of these. */
const REPAIRS = { numRuns: 1500 };
const jts = new GeoJSONReader();
let geos: Geos;
beforeAll(async () => {
  geos = await Geos.start();
});

/** A star: radii around a centre, so the ring never crosses itself. */
const star = record({
  x: double({ min: -10, max: 10, noNaN: true }),
  y: double({ min: -10, max: 10, noNaN: true }),
  radii: array(double({ min: 0.5, max: 8, noNaN: true }), { minLength: 3, maxLength: 40 }),
}).map(({ x, y, radii }): Geometry => {
  const ring: Position[] = radii.map((radius, i) => {
    const angle = (i / radii.length) * 2 * Math.PI;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] };
});

const near = (ours: number, theirs: number): void =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(theirs)));

describe('GEOS as it is called here, against JTS as jsts has it', () => {
  it.each(['intersection', 'union', 'difference'] as const)('%s has the same area', (operation) => {
    assert(
      property(star, star, (a, b) => {
        const ours = geos.arena(() => geos.read(geos[operation](geos.write(a), geos.write(b))));
        near(planarArea(ours), OverlayOp[operation](jts.read(a), jts.read(b)).getArea());
      }),
      RUNS,
    );
  });

  it('a buffer has the same area', () => {
    assert(
      property(star, integer({ min: 1, max: 3000 }), (shape, thousandths) => {
        const distance = thousandths / 1000;
        const ours = geos.arena(() => geos.read(geos.buffer(geos.write(shape), { distance, segments: 16 })));
        near(planarArea(ours), BufferOp.bufferOp(jts.read(shape), distance, 16).getArea());
      }),
      RUNS,
    );
  });

  it('what was repaired is valid, and the two agree on what was not', () => {
    const tangled = array(tuple(integer({ min: 0, max: 20 }), integer({ min: 0, max: 20 })), {
      minLength: 3,
      maxLength: 12,
    });
    assert(
      property(tangled, (corners) => {
        const shape: Geometry = { type: 'Polygon', coordinates: [[...corners, corners[0]!]] };
        geos.arena(() => {
          const written = geos.write(shape);
          expect(geos.isValid(written)).toBe(IsValidOp.isValid(jts.read(shape)));
          const repaired = geos.read(geos.makeValid(written, 'structure'));
          if (repaired) expect(geos.isValid(geos.write(repaired))).toBe(true);
        });
      }),
      REPAIRS,
    );
  });
});
