/** The operations of the geometry service, each with what it does and the parameters it takes. */
export const GEOMETRY_OPERATIONS = {
  areasAndLengths: {
    summary: 'How large areas are, and how long their outlines',
    parameters: ['polygons', 'sr', 'lengthUnit', 'areaUnit', 'calculationType'],
  },
  autoComplete: {
    summary: 'Areas that lines enclose together with the borders of others',
    parameters: ['polygons', 'polylines', 'sr'],
  },
  buffer: {
    summary: 'Everything within a distance of geometries',
    parameters: ['geometries', 'inSR', 'outSR', 'bufferSR', 'distances', 'unit', 'unionResults', 'geodesic'],
  },
  convexHull: { summary: 'The smallest convex shape about geometries', parameters: ['geometries', 'sr'] },
  cut: { summary: 'The pieces that a line cuts geometries into', parameters: ['target', 'cutter', 'sr'] },
  densify: {
    summary: 'Vertices added along segments',
    parameters: ['geometries', 'sr', 'maxSegmentLength', 'lengthUnit', 'geodesic'],
  },
  difference: {
    summary: 'Geometries without what another one covers',
    parameters: ['geometries', 'geometry', 'sr'],
  },
  distance: {
    summary: 'The shortest way between two geometries',
    parameters: ['geometry1', 'geometry2', 'sr', 'distanceUnit', 'geodesic'],
  },
  findTransformations: {
    summary: 'The ways from one datum to another',
    parameters: ['inSR', 'outSR', 'extentOfInterest', 'numOfResults'],
  },
  fromGeoCoordinateString: {
    summary: 'Positions from texts such as grid references',
    parameters: ['sr', 'strings', 'conversionType'],
  },
  generalize: {
    summary: 'Geometries with fewer vertices',
    parameters: ['geometries', 'sr', 'maxDeviation', 'deviationUnit'],
  },
  intersect: {
    summary: 'What geometries have in common with another one',
    parameters: ['geometries', 'geometry', 'sr'],
  },
  labelPoints: { summary: 'A point inside each area', parameters: ['polygons', 'sr'] },
  lengths: {
    summary: 'How long lines are',
    parameters: ['polylines', 'sr', 'lengthUnit', 'calculationType', 'geodesic'],
  },
  offset: {
    summary: 'Lines beside lines, and areas grown or shrunk',
    parameters: ['geometries', 'sr', 'offsetDistance', 'offsetUnit', 'offsetHow', 'bevelRatio'],
  },
  project: {
    summary: 'Geometries in another spatial reference',
    parameters: ['geometries', 'inSR', 'outSR', 'transformation', 'transformForward'],
  },
  relation: {
    summary: 'Which geometries stand in a relation to which others',
    parameters: ['geometries1', 'geometries2', 'sr', 'relation', 'relationParam'],
  },
  reshape: {
    summary: 'A line or area with part of its outline replaced by a line',
    parameters: ['target', 'reshaper', 'sr'],
  },
  simplify: { summary: 'Geometries made topologically right', parameters: ['geometries', 'sr'] },
  toGeoCoordinateString: {
    summary: 'Positions as texts such as grid references',
    parameters: [
      'sr',
      'coordinates',
      'conversionType',
      'conversionMode',
      'numOfDigits',
      'rounding',
      'addSpaces',
    ],
  },
  trimExtend: {
    summary: 'Lines trimmed by a guide, or extended to it',
    parameters: ['polylines', 'trimExtendTo', 'sr', 'extendHow'],
  },
  union: { summary: 'What geometries cover together', parameters: ['geometries', 'sr'] },
} satisfies Record<string, { summary: string; parameters: string[] }>;

export type GeometryOperationName = keyof typeof GEOMETRY_OPERATIONS;

export const GEOMETRY_OPERATION_NAMES = Object.keys(GEOMETRY_OPERATIONS) as GeometryOperationName[];
