import {
  GEOMETRY_OPERATION_NAMES,
  GEOMETRY_OPERATIONS,
  type GeometryOperationName,
} from '../../../execution-adapter/index.js';
import { AppError } from '../../../shared/app-error.js';

/** One service at two places: where it always was, and where newer servers have it. */
export const GEOMETRY_SERVICES = ['Geometry', 'Utilities/Geometry'];

export type GeometryService = (typeof GEOMETRY_SERVICES)[number];

export interface GeometryOperationInfo {
  name: GeometryOperationName;
  summary: string;
  parameters: string[];
}

/** The operation of that name, in any case. Throws AppError `not-found`, which tells what there is. */
export function geometryOperation(name: string): GeometryOperationInfo {
  const found = GEOMETRY_OPERATION_NAMES.find((one) => one.toLowerCase() === name.toLowerCase());
  if (!found)
    throw new AppError(
      'not-found',
      'operation-not-found',
      `The geometry service has no operation of this name. It has ${GEOMETRY_OPERATION_NAMES.join(', ')}.`,
    );
  return { name: found, ...GEOMETRY_OPERATIONS[found] };
}
