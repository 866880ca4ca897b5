import type { Geometry } from 'geojson';
import { esriGeometryType, type Pointer } from '../../../geometry-codecs/worker.js';
import {
  answerOf,
  type GeometryContext,
  type GeometryOperation,
  prepared,
  taken,
  written,
} from './operation.js';

/** Geometries made topologically right: crossing rings parted, overlaps dissolved. */
export const simplify: GeometryOperation = ({ request, geos }) => {
  request.requiredCrs('sr');
  const { type, geometries } = request.shapes('geometries');
  const simple = geometries.map((one) =>
    geos.arena((): Geometry | null => {
      if (!one || geos.isValid(geos.write(one))) return one;
      const pointer = prepared(geos, one);
      return pointer === null ? null : taken(geos, pointer);
    }),
  );
  return answerOf(type, simple);
};

/** What all geometries cover together. */
export const union: GeometryOperation = (context) => {
  const { request, geos } = context;
  request.requiredCrs('sr');
  const { type, geometries } = request.shapes('geometries');
  const together = togetherOf(context, geometries);
  const geometry = together === null ? null : taken(geos, geos.unaryUnion(together));
  const unitedType = type === 'esriGeometryPoint' ? 'esriGeometryMultipoint' : type;
  return { geometryType: unitedType, geometry: written(geometry, unitedType) };
};

/** The smallest convex shape about all geometries; of points in a row a line, of one point that point. */
export const convexHull: GeometryOperation = (context) => {
  const { request, geos } = context;
  request.requiredCrs('sr');
  const { geometries } = request.shapes('geometries');
  // No repair: it could leave out what encloses no area but lies outside.
  const members = geometries.filter((one) => one !== null).map((one) => geos.write(one));
  const hull = members.length === 0 ? null : taken(geos, geos.shapes.convexHull(geos.collect(members)));
  const type = (hull && esriGeometryType(hull)) ?? 'esriGeometryPolygon';
  return { geometryType: type, geometry: written(hull, type) };
};

/** What each geometry has in common with another one; of its own kind only, and empty where there is nothing. */
export const intersect: GeometryOperation = (context) =>
  overlaid(context, (geometry, other) =>
    other === null ? null : context.geos.intersection(geometry, other),
  );

/** Each geometry without what another one covers. */
export const difference: GeometryOperation = (context) =>
  overlaid(context, (geometry, other) =>
    other === null ? geometry : context.geos.difference(geometry, other),
  );

function overlaid(
  { request, geos, ground }: GeometryContext,
  overlay: (geometry: Pointer, other: Pointer | null) => Pointer | null,
): ReturnType<GeometryOperation> {
  request.requiredCrs('sr');
  const { type, geometries } = request.shapes('geometries');
  const other = prepared(geos, request.shape('geometry').geometry);
  const results = geometries.map((one) =>
    geos.arena((): Geometry | null => {
      const pointer = prepared(geos, one);
      const result = pointer === null ? null : overlay(pointer, other);
      const left = result === null ? null : taken(geos, result);
      return one && left && ground.ofDimension(left, one);
    }),
  );
  return answerOf(type, results);
}

function togetherOf({ geos }: GeometryContext, geometries: (Geometry | null)[]): Pointer | null {
  const members = geometries.map((one) => prepared(geos, one)).filter((one) => one !== null);
  return members.length === 0 ? null : geos.collect(members);
}
