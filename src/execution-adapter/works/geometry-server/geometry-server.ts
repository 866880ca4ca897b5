import type { Work } from '../../../execution/index.js';
import { type Geos, GeosError, GeosOutOfMemory, GrowingBuffer } from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import { readForm } from '../../forms/read-form.js';
import type { GeometryOperationName } from '../../geometry-operations.js';
import { buffer } from './buffer.js';
import { fromGeoCoordinateString, toGeoCoordinateString } from './coordinate-strings.js';
import { GeometryRequest } from './geometry-request.js';
import type { GeometryLimits } from './geometry-reader.js';
import type { Ground } from './ground.js';
import { labelPoints } from './label-points.js';
import { autoComplete, cut, reshape } from './linework.js';
import { areasAndLengths, distance, lengths } from './measures.js';
import type { GeometryAnswer, GeometryOperation } from './operation.js';
import { offset } from './offset.js';
import { convexHull, difference, intersect, simplify, union } from './overlays.js';
import { project } from './project.js';
import { relation } from './relation.js';
import { findTransformations } from './find-transformations.js';
import { trimExtend } from './trim-extend.js';
import { densify, generalize } from './vertices.js';

/** Which operation is wanted, and how the request that asks for it is to be read. */
export interface GeometryWorkParameters {
  operation: GeometryOperationName;
  mediaType: string;
  indent: boolean;
  limits: GeometryLimits;
}

const OPERATIONS: Record<GeometryOperationName, GeometryOperation> = {
  areasAndLengths,
  autoComplete,
  buffer,
  convexHull,
  cut,
  densify,
  difference,
  distance,
  findTransformations,
  fromGeoCoordinateString,
  generalize,
  intersect,
  labelPoints,
  lengths,
  offset,
  project,
  relation,
  reshape,
  simplify,
  toGeoCoordinateString,
  trimExtend,
  union,
};

/** One request to the geometry service, from the bytes of its form to those of its answer. */
export const geometryServerWork =
  (ground: Ground): Work<Geos> =>
  ({ source, json, parameters, maxBytes, engine }) => {
    const { operation, mediaType, indent, limits } = parameters as GeometryWorkParameters;
    const fields = readForm({ bytes: source, mediaType, json });
    const request = new GeometryRequest(fields, json, limits);
    try {
      return bytesOf(OPERATIONS[operation]({ request, geos: engine, ground }), indent, maxBytes);
    } catch (error) {
      throw toldByEngine(error);
    }
  };

/** Geometry by geometry, so that a large answer never is one text. */
function bytesOf(answer: GeometryAnswer, indent: boolean, maxBytes: number): Uint8Array<ArrayBuffer> {
  const out = new GrowingBuffer(maxBytes);
  const { geometries, ...others } = answer;
  const [line, space] = indent ? ['\n', '  '] : ['', ''];
  const head = Object.entries(others).map(([key, value]) => `${space}"${key}":${JSON.stringify(value)}`);
  out.utf8(`{${line}${head.join(`,${line}`)}`);
  if (Array.isArray(geometries)) {
    out.ascii(`${head.length > 0 ? `,${line}` : ''}${space}"geometries":[`);
    geometries.forEach((one: unknown, index) =>
      out.ascii(`${index > 0 ? ',' : ''}${line}${space}${space}${JSON.stringify(one)}`),
    );
    out.ascii(`${line}${space}]`);
  }
  out.ascii(`${line}}`);
  return out.finish();
}

function toldByEngine(error: unknown): unknown {
  if (error instanceof GeosOutOfMemory)
    return new AppError('too-large', 'work-too-large', 'The geometries need more memory than they may use.');
  if (error instanceof GeosError)
    return new AppError('unsupported', 'not-computable', `This cannot be computed: ${error.message}`);
  return error;
}
