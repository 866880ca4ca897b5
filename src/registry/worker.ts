export { compileExpression } from './compile-expression.js';
export {
  type Area,
  type Length,
  ProcessExpression,
  type RawInput,
  type RawValue,
} from './process-expression.js';
export type { InputDefinition, ProcessDefinition } from './process-definition.js';
