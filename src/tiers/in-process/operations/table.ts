import type { OperationName } from '../operation-names.js';
import { areaAndLength } from './area-and-length.js';
import { buffer } from './buffer.js';
import { cluster } from './cluster.js';
import { clusterKmeans } from './cluster-kmeans.js';
import { cuttingBy } from './cutting.js';
import { countByTime } from './count-by-time.js';
import { densify } from './densify.js';
import { coverageSimplify } from './coverage-simplify.js';
import { difference, symmetricDifference } from './difference.js';
import { dissolve } from './dissolve.js';
import { echo } from './echo.js';
import { hexagons, squares } from './grids.js';
import { h3Binning } from './h3-binning.js';
import { heatmap } from './heatmap.js';
import { concaveHull, convexHull } from './hulls.js';
import { interpolateIdw } from './interpolate-idw.js';
import { lineMerge } from './line-merge.js';
import { makeValid } from './make-valid.js';
import type { Operation } from './operation.js';
import { minimumBoundingCircle } from './minimum-bounding-circle.js';
import { distance, nearest } from './nearest.js';
import { polygonize } from './polygonize.js';
import { centroid, pointOnSurface } from './representative-points.js';
import { reproject } from './reproject.js';
import { simplify } from './simplify.js';
import { snapToGrid } from './snap-to-grid.js';
import { spatialJoin } from './spatial-join.js';
import { subdivide } from './subdivide.js';
import { summaryStatistics } from './summary-statistics.js';
import { tableToPoints } from './table-to-points.js';
import { delaunay, voronoi } from './tessellate.js';
import { union } from './union.js';
import { validate } from './validate.js';

export const OPERATIONS: Record<OperationName, Operation> = {
  'area-and-length': areaAndLength,
  buffer,
  centroid,
  clip: cuttingBy('mask'),
  cluster,
  'cluster-kmeans': clusterKmeans,
  'concave-hull': concaveHull,
  'convex-hull': convexHull,
  'count-by-time': countByTime,
  'coverage-simplify': coverageSimplify,
  delaunay,
  densify,
  difference,
  dissolve,
  distance,
  echo,
  'h3-binning': h3Binning,
  heatmap,
  'hexagon-grid': hexagons,
  'interpolate-idw': interpolateIdw,
  intersection: cuttingBy('overlay'),
  'line-merge': lineMerge,
  'make-valid': makeValid,
  'minimum-bounding-circle': minimumBoundingCircle,
  nearest,
  'point-on-surface': pointOnSurface,
  polygonize,
  reproject,
  simplify,
  'snap-to-grid': snapToGrid,
  'spatial-join': spatialJoin,
  'square-grid': squares,
  subdivide,
  'symmetric-difference': symmetricDifference,
  'summary-statistics': summaryStatistics,
  'table-to-points': tableToPoints,
  union,
  validate,
  voronoi,
};
