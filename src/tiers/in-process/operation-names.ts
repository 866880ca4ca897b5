/** The operations a definition's handler may name. The table beside the operations must have them all. */
export const OPERATION_NAMES = ['buffer', 'echo'] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];
