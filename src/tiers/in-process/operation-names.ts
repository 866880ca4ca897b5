/** The operations a definition's handler may name. The table beside the operations has them all. */
export const OPERATION_NAMES = [
  'buffer',
  'dissolve',
  'echo',
  'intersection',
  'make-valid',
  'reproject',
  'union',
] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];
