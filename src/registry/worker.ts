export { compileExpression } from './compile-expression.js';
export {
  type Area,
  type Length,
  ProcessExpression,
  type RawInput,
  type RawValue,
} from './process-expression.js';
export { FileValue } from './file-value.js';
export { parseMoment } from './moment.js';
export type { InputDefinition, ProcessDefinition } from './process-definition.js';
export type { Cell, Row } from './table-value.js';
