import Extent from '@arcgis/core/geometry/Extent.js';
import Multipoint from '@arcgis/core/geometry/Multipoint.js';
import Point from '@arcgis/core/geometry/Point.js';
import Polygon from '@arcgis/core/geometry/Polygon.js';
import Polyline from '@arcgis/core/geometry/Polyline.js';
import AreasAndLengthsParameters from '@arcgis/core/rest/support/AreasAndLengthsParameters.js';
import BufferParameters from '@arcgis/core/rest/support/BufferParameters.js';
import DensifyParameters from '@arcgis/core/rest/support/DensifyParameters.js';
import DistanceParameters from '@arcgis/core/rest/support/DistanceParameters.js';
import GeneralizeParameters from '@arcgis/core/rest/support/GeneralizeParameters.js';
import LengthsParameters from '@arcgis/core/rest/support/LengthsParameters.js';
import OffsetParameters from '@arcgis/core/rest/support/OffsetParameters.js';
import ProjectParameters from '@arcgis/core/rest/support/ProjectParameters.js';
import RelationParameters from '@arcgis/core/rest/support/RelationParameters.js';
import TrimExtendParameters from '@arcgis/core/rest/support/TrimExtendParameters.js';
import * as service from '@arcgis/core/rest/geometryService.js';

/**
 * Every function of the client's geometryService on real data, in Node and in a browser alike. `rings`: counties of
 * Kansas in longitude and latitude, each a list of rings. Answers are plain values.
 */
const wgs84 = { wkid: 4326 };
const mercator = { wkid: 102100 };
const polygonOf = (rings, spatialReference = wgs84) => new Polygon({ rings, spatialReference });
const lineOf = (path, spatialReference = wgs84) => new Polyline({ paths: [path], spatialReference });
const pointOf = (x, y, spatialReference = wgs84) => new Point({ x, y, spatialReference });
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const toJSON = (geometry) => geometry.toJSON();

export const functionNames = Object.keys(service).sort();

export const functions = {
  areasAndLengths: async (url, { rings }) => {
    const { areas, lengths } = await service.areasAndLengths(
      url,
      new AreasAndLengthsParameters({
        polygons: rings.map((one) => polygonOf(one)),
        areaUnit: 'square-kilometers',
        lengthUnit: 'kilometers',
        calculationType: 'geodesic',
      }),
    );
    return { count: areas.length, area: sum(areas), perimeter: sum(lengths) };
  },
  autoComplete: async (url, { rings }) => {
    const [gap, ...others] = rings;
    const made = await service.autoComplete(
      url,
      others.map((one) => polygonOf(one)),
      gap.map((ring) => lineOf(ring)),
    );
    return { areas: made.map(({ extent }) => extent.width), like: polygonOf(gap).extent.width };
  },
  buffer: async (url, { rings }) => {
    const polygons = await service.buffer(
      url,
      new BufferParameters({
        geometries: rings.slice(0, 3).map((one) => polygonOf(one)),
        distances: [1, 2],
        unit: 'kilometers',
        geodesic: true,
        outSpatialReference: mercator,
      }),
    );
    return { count: polygons.length, mercator: polygons.every((one) => one.spatialReference.isWebMercator) };
  },
  convexHull: async (url, { rings }) => {
    const hull = await service.convexHull(
      url,
      rings.map((one) => polygonOf(one)),
    );
    return {
      type: hull.type,
      corners: hull.rings[0].length > 4,
      inside: hull.contains(polygonOf(rings[0]).centroid),
    };
  },
  cut: async (url, { rings }) => {
    const { cutIndexes, geometries } = await service.cut(
      url,
      rings.map((one) => polygonOf(one)),
      lineOf([
        [-102.2, 38.5],
        [-94.5, 38.5],
      ]),
    );
    return { cut: new Set(cutIndexes).size, pieces: geometries.length };
  },
  densify: async (url) => {
    const [dense] = await service.densify(
      url,
      new DensifyParameters({
        geometries: [
          lineOf([
            [0, 0],
            [10, 0],
          ]),
        ],
        maxSegmentLength: 100,
        lengthUnit: 'kilometers',
        geodesic: true,
      }),
    );
    return dense.paths[0].length;
  },
  difference: async (url, { rings }) => {
    const [left] = await service.difference(url, [polygonOf(rings[0])], polygonOf(rings[0]).extent);
    return { rings: left.rings.length };
  },
  distance: (url) =>
    service.distance(
      url,
      new DistanceParameters({
        geometry1: pointOf(-94.58, 39.1),
        geometry2: pointOf(-97.34, 37.69),
        distanceUnit: 'kilometers',
        geodesic: true,
      }),
    ),
  fromGeoCoordinateString: (url) =>
    service.fromGeoCoordinateString(url, { strings: ['14SPH4712266405'], conversionType: 'mgrs', sr: wgs84 }),
  generalize: async (url, { rings }) => {
    const before = sum(rings.flat().map(({ length }) => length));
    const simple = await service.generalize(
      url,
      new GeneralizeParameters({
        geometries: rings.map((one) => polygonOf(one)),
        maxDeviation: 0.01,
        deviationUnit: 'degrees',
      }),
    );
    return { before, after: sum(simple.flatMap((one) => one.rings).map(({ length }) => length)) };
  },
  intersect: async (url, { rings }) => {
    const extent = new Extent({ xmin: -98, ymin: 37, xmax: -97, ymax: 38, spatialReference: wgs84 });
    const parts = await service.intersect(
      url,
      rings.map((one) => polygonOf(one)),
      extent,
    );
    return { count: parts.length, some: parts.some((one) => one.rings.length > 0) };
  },
  labelPoints: async (url, { rings }) => {
    const points = await service.labelPoints(
      url,
      rings.map((one) => polygonOf(one)),
    );
    return points.every((point, index) => polygonOf(rings[index]).contains(point));
  },
  lengths: async (url) => {
    const { lengths } = await service.lengths(
      url,
      new LengthsParameters({
        polylines: [
          lineOf([
            [-94.58, 39.1],
            [-97.34, 37.69],
          ]),
        ],
        lengthUnit: 'kilometers',
        calculationType: 'geodesic',
      }),
    );
    return lengths;
  },
  offset: async (url) => {
    const [beside] = await service.offset(
      url,
      new OffsetParameters({
        geometries: [
          lineOf(
            [
              [0, 0],
              [0, 5000],
            ],
            mercator,
          ),
        ],
        offsetDistance: 2,
        offsetUnit: 'kilometers',
        offsetHow: 'rounded',
      }),
    );
    return beside.paths;
  },
  project: async (url) => {
    const [point] = await service.project(
      url,
      new ProjectParameters({
        geometries: [pointOf(-98.4, 38.5)],
        outSpatialReference: { wkid: 26914 },
        transformation: { wkid: 1188 },
        transformForward: false,
      }),
    );
    return { ...toJSON(point), x: Math.round(point.x), y: Math.round(point.y) };
  },
  relation: async (url, { rings }) => {
    const polygons = rings.map((one) => polygonOf(one));
    const found = await service.relation(
      url,
      new RelationParameters({
        geometries1: polygons.map(({ centroid }) => centroid),
        geometries2: polygons,
        relation: 'within',
      }),
    );
    return found.filter(({ geometry1Index, geometry2Index }) => geometry1Index === geometry2Index).length;
  },
  reshape: async (url) => {
    const shaped = await service.reshape(
      url,
      lineOf(
        [
          [0, 0],
          [20, 0],
        ],
        mercator,
      ),
      lineOf(
        [
          [5, -1],
          [5, 5],
          [9, 5],
          [9, -1],
        ],
        mercator,
      ),
    );
    return shaped.paths;
  },
  simplify: async (url) => {
    const [parted] = await service.simplify(url, [
      polygonOf([
        [
          [0, 0],
          [2, 2],
          [2, 0],
          [0, 2],
          [0, 0],
        ],
      ]),
    ]);
    return parted.rings.length;
  },
  toGeoCoordinateString: (url) =>
    service.toGeoCoordinateString(url, {
      coordinates: [[-97.3389, 37.6889]],
      conversionType: 'usng',
      sr: wgs84,
      addSpaces: true,
    }),
  trimExtend: async (url) => {
    const fitted = await service.trimExtend(
      url,
      new TrimExtendParameters({
        polylines: [
          lineOf(
            [
              [0, 0],
              [20, 0],
            ],
            mercator,
          ),
          lineOf(
            [
              [0, 5],
              [5, 5],
            ],
            mercator,
          ),
        ],
        trimExtendTo: lineOf(
          [
            [10, -100],
            [10, 100],
          ],
          mercator,
        ),
        extendHow: 'relocate-ends',
      }),
    );
    return fitted.map(({ paths }) => paths[0]);
  },
  union: async (url, { rings }) => {
    const whole = await service.union(
      url,
      rings.map((one) => polygonOf(one)),
    );
    return { type: whole.type, rings: whole.rings.length };
  },
};

export const acrossTheDateline = (holes = []) =>
  new Polygon({
    rings: [
      [
        [175, -20],
        [175, -15],
        [185, -15],
        [185, -20],
        [175, -20],
      ],
      ...holes,
    ],
    spatialReference: wgs84,
  });
export const manyPoints = () =>
  new Multipoint({
    points: [
      [179, 0],
      [181, 0],
    ],
    spatialReference: wgs84,
  });
