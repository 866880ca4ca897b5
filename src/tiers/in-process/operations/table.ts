import type { OperationName } from '../operation-names.js';
import { buffer } from './buffer.js';
import { dissolve } from './dissolve.js';
import { echo } from './echo.js';
import { intersection } from './intersection.js';
import { makeValid } from './make-valid.js';
import type { Operation } from './operation.js';
import { reproject } from './reproject.js';
import { union } from './union.js';

export const OPERATIONS: Record<OperationName, Operation> = {
  buffer,
  dissolve,
  echo,
  intersection,
  'make-valid': makeValid,
  reproject,
  union,
};
