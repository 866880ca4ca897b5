import type { Crs, FeatureSet } from '../../../geometry-codecs/worker.js';
import { crsInput, featureConversion } from '../operations/crs-input.js';
import type { OperationContext } from '../operations/operation.js';
import { rounded } from './rounding.js';

type Features = Pick<FeatureSet, 'features' | 'crs'>;

/** The inputs that every process of features has. */
export interface OutputOptions {
  outputCrs?: string;
  coordinatePrecision?: number;
}

export const outputOptions = (expression: OperationContext['expression']): OutputOptions => ({
  outputCrs: expression.text('outputCrs'),
  coordinatePrecision: expression.number('coordinatePrecision'),
});

/** How the request wants features given out: in which coordinate system, with how many decimals. */
export class OutputStyle {
  private readonly crs?: Crs;
  private readonly decimals?: number;

  /** Throws AppError for a system that is not supported, so make it before computing. */
  constructor(
    private readonly context: Pick<OperationContext, 'geos' | 'messages'>,
    { outputCrs, coordinatePrecision }: OutputOptions,
  ) {
    this.crs = crsInput(outputCrs, 'outputCrs');
    this.decimals = coordinatePrecision;
  }

  applyTo({ features, crs }: Features): Features {
    const target = this.crs ?? crs;
    const moved =
      target.name === crs.name ? features : features.map(featureConversion(crs, target, 'outputCrs'));
    return {
      features: this.decimals === undefined ? moved : rounded(this.context, moved, this.decimals),
      crs: target,
    };
  }
}
