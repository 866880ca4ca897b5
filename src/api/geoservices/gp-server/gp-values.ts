import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import {
  type FeatureStyle,
  type OutputPayload,
  type Payload,
  type RunInput,
  ThreadWork,
} from '../../../execution/index.js';
import type { InputParameters, OutputParameters, Segment } from '../../../execution-adapter/index.js';
import type { OutputDefinition, ProcessDefinition } from '../../../registry/index.js';

/** What GP has another form of. */
const WRITTEN_ANEW = new Set<OutputDefinition['type']>(['features', 'object', 'date', 'duration', 'table']);

/** Values of parameters as GP writes them; geometry is written by a thread. */
@Injectable()
export class GpValues {
  constructor(
    private readonly threads: ThreadWork,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /** Throws AppError, `unsupported` among others: not every result fits the form. */
  async output(
    { payload }: OutputPayload,
    { type }: OutputDefinition,
    style: FeatureStyle,
    signal: AbortSignal,
  ): Promise<Segment> {
    if (!WRITTEN_ANEW.has(type)) return payload;
    const parameters = { type, style } as OutputParameters;
    return this.work('geoservices-output', { source: payload, parameters, signal });
  }

  /** An output that is features, as GeoJSON in longitude and latitude. */
  geojson({ payload }: OutputPayload, signal: AbortSignal): Promise<Segment> {
    const parameters: OutputParameters = { type: 'geojson', style: { heights: true, withLayer: false } };
    return this.work('geoservices-output', { source: payload, parameters, signal });
  }

  async input(
    { surface, mediaType, payload }: RunInput,
    { definition, id, style }: { definition: ProcessDefinition; id: string; style: FeatureStyle },
    signal: AbortSignal,
  ): Promise<Segment> {
    const parameters: InputParameters = { surface, mediaType, definition, id, style };
    return this.work('geoservices-input', { source: payload, parameters, signal });
  }

  private async work(
    work: string,
    job: { source: Payload; parameters: unknown; signal: AbortSignal },
  ): Promise<Segment> {
    const { maxArtifactSizeBytes: maxBytes, maxInlineDuration: timeoutMs } = this.config.limits;
    const bytes = await this.threads.do({ work, maxBytes, timeoutMs, ...job });
    return { kind: 'inline', bytes, size: bytes.length, sha256: '' };
  }
}
