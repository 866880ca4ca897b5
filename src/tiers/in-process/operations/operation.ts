import type { RunMessage } from '../../../execution/index.js';
import type { FeatureSet, Geos } from '../../../geometry-codecs/worker.js';
import type { InputDefinition, ProcessExpression, Row } from '../../../registry/worker.js';

export type OutputValue =
  Pick<FeatureSet, 'features' | 'crs'> | string | number | boolean | Row[] | { [member: string]: unknown };

/** What an operation works with. It returns its outputs by id and tells the caller what it had to do to the input. */
export interface OperationContext {
  geos: Geos;
  expression: ProcessExpression<FeatureSet>;
  inputs: Record<string, InputDefinition>;
  /** The definition's handler entry for this tier. */
  settings: Record<string, unknown>;
  messages: RunMessage[];
  /** More features than these are no result. */
  maxOutputFeatures: number;
  /** 0 to 100; call it as often as you like. */
  progress(percent: number, message?: string): void;
}

/** Throws AppError for faults of the input that only computing could find. */
export type Operation = (
  context: OperationContext,
) => Record<string, OutputValue> | Promise<Record<string, OutputValue>>;
