import type { Geometry } from 'geojson';
import { type Geos, type Pointer, PreparedOther, relates } from '../../../geometry-codecs/worker.js';
import type { GeometryRequest } from './geometry-request.js';
import { Guide } from './guide.js';
import {
  type GeometryAnswer,
  type GeometryOperation,
  plain,
  prepared,
  requireType,
  taken,
  written,
} from './operation.js';
import { reshapedPaths } from './reshaped-paths.js';
import { lineOfPaths, pathsOf } from './stretches.js';

/** The pieces that a line cuts geometries into, with the place of each one's target. What it does not cut is left out. */
export const cut: GeometryOperation = ({ request, geos }) => {
  request.requiredCrs('sr');
  const { type, geometries } = request.shapes('target');
  requireType('target', type, 'esriGeometryPolyline', 'esriGeometryPolygon');
  const cutter = united(geos, lineOf(request, 'cutter'));
  const pieces = geometries.map((one) =>
    geos.arena((): Geometry[] => {
      const target = prepared(geos, one);
      if (target === null || !geos.intersects(target, cutter)) return [];
      const parts =
        type === 'esriGeometryPolygon'
          ? facesWithin(geos, target, cutter)
          : geos.parts(geos.difference(target, cutter));
      return parts.length > geos.parts(target).length
        ? parts.map((part) => taken(geos, part)).filter((part) => part !== null)
        : [];
    }),
  );
  return {
    geometryType: type,
    cutIndexes: pieces.flatMap((all, index) => all.map(() => index)),
    geometries: pieces.flat().map((one) => written(one, type)),
  };
};

/** Areas that lines enclose together with the borders of others, outside of those. */
export const autoComplete: GeometryOperation = ({ request, geos }) => {
  request.requiredCrs('sr');
  const polygons = request.shapes('polygons').geometries.map((one) => prepared(geos, one));
  const lines = allOf(
    geos,
    request.shapes('polylines').geometries.map((one) => prepared(geos, one)),
  );
  const areas = allOf(geos, polygons);
  if (lines === null) return answerOfAreas([]);
  const borders = areas === null ? lines : geos.union(geos.shapes.boundary(areas), lines);
  const there = areas === null ? null : new PreparedOther(geos, areas);
  const found = facesOf(geos, borders).filter(
    (face) =>
      !there?.holds('intersects', geos.shapes.pointOnSurface(face)) &&
      relates(geos, [geos.shapes.boundary(face), lines], '1********'),
  );
  return answerOfAreas(found.map((face) => taken(geos, face)));
};

/**
 * An area with part of its outline replaced by a line: what the line encloses outside is added, and of what it parts the
 * largest piece stays. Of a line, what lies between the first and the last crossing is replaced; a line that is crossed
 * but once stays what it is.
 */
export const reshape: GeometryOperation = ({ request, geos }) => {
  request.requiredCrs('sr');
  const { type, geometry } = request.shape('target');
  requireType('target', type, 'esriGeometryPolyline', 'esriGeometryPolygon');
  const line = lineOf(request, 'reshaper');
  if (geometry === null) return { geometryType: type, geometry: written(null, type) };
  const shaped =
    type === 'esriGeometryPolygon'
      ? reshapedArea(geos, geometry, united(geos, line))
      : lineOfPaths(reshapedPaths(pathsOf(geometry), new Guide(line)));
  return { geometryType: type, geometry: written(shaped, type) };
};

function reshapedArea(geos: Geos, geometry: Geometry, line: Pointer): Geometry | null {
  const target = prepared(geos, geometry);
  if (target === null) return null;
  const test = new PreparedOther(geos, target);
  const faces = facesOf(geos, geos.union(geos.shapes.boundary(target), line));
  const inside = (face: Pointer): boolean => test.holds('intersects', geos.shapes.pointOnSurface(face));
  const added = faces.filter(
    (face) => !inside(face) && relates(geos, [geos.shapes.boundary(face), line], '1********'),
  );
  const kept = geos.parts(target).map((part) => largest(geos, facesWithin(geos, part, line)) ?? part);
  return taken(geos, geos.unaryUnion(geos.collect([...kept, ...added])));
}

const answerOfAreas = (areas: (Geometry | null)[]): GeometryAnswer => ({
  geometries: areas.map((one) => written(one, 'esriGeometryPolygon')),
});

/** Throws AppError where it is no line, or an empty one. */
function lineOf(request: GeometryRequest, name: string): Geometry {
  const { type, geometry } = request.shape(name);
  requireType(name, type, 'esriGeometryPolyline');
  if (geometry === null) throw request.missing(name);
  return geometry;
}

/** Lines are only split where they cross once they are united. */
const united = (geos: Geos, line: Geometry): Pointer => geos.unaryUnion(geos.write(plain(line)));

/** The parts of an area on either side of lines. */
function facesWithin(geos: Geos, area: Pointer, lines: Pointer): Pointer[] {
  const test = new PreparedOther(geos, area);
  const faces = facesOf(geos, geos.union(geos.shapes.boundary(area), lines));
  return faces.filter((face) => test.holds('intersects', geos.shapes.pointOnSurface(face)));
}

const facesOf = (geos: Geos, lines: Pointer): Pointer[] => geos.parts(geos.lines.polygonize(lines).polygons);

function largest(geos: Geos, faces: Pointer[]): Pointer | undefined {
  let found: { face: Pointer; area: number } | undefined;
  for (const face of faces) {
    const area = geos.shapes.area(face);
    if (!found || area > found.area) found = { face, area };
  }
  return found?.face;
}

function allOf(geos: Geos, members: (Pointer | null)[]): Pointer | null {
  const present = members.filter((one) => one !== null);
  return present.length === 0 ? null : geos.unaryUnion(geos.collect(present));
}
