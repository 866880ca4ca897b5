import type { OperationName } from '../operation-names.js';
import { buffer } from './buffer.js';
import { echo } from './echo.js';
import type { Operation } from './operation.js';

export const OPERATIONS: Record<OperationName, Operation> = { buffer, echo };
