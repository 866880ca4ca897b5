/** The operations a definition's handler may name. The table beside the operations has them all. */
export const OPERATION_NAMES = [
  'area-and-length',
  'buffer',
  'centroid',
  'clip',
  'concave-hull',
  'convex-hull',
  'densify',
  'difference',
  'dissolve',
  'distance',
  'echo',
  'intersection',
  'line-merge',
  'make-valid',
  'nearest',
  'point-on-surface',
  'polygonize',
  'reproject',
  'simplify',
  'spatial-join',
  'symmetric-difference',
  'union',
  'validate',
] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];
