import { Injectable } from '@nestjs/common';
import { ArtifactLinks } from '../../../artifacts/index.js';
import type { ProcessRun, RunResults } from '../../../control-plane/index.js';
import { Catalog } from '../../../registry/index.js';
import type { PageContext } from '../negotiation/page-view.js';
import { type GivenOutput, planResults } from '../results/plan-results.js';
import { type ArtifactReference, referTo } from '../results/result-links.js';

/** Plain values up to this size stand on the page itself. */
const VALUE_BYTES = 4_096;

/** An output as a page shows it: a plain value, or a file to look at and to fetch. */
export interface ShownOutput {
  id: string;
  title: string;
  description?: string;
  mediaType: string;
  features?: number;
  /** Of JSON, or text; absent for what is only linked. */
  value?: string;
  /** Its own resource: a path, so that it is asked for on the host that the page came from. */
  path: string;
  /** For whoever has no right to that. */
  link: ArtifactReference;
  fileName: string;
}

@Injectable()
export class ShownOutputs {
  constructor(
    private readonly catalog: Catalog,
    private readonly links: ArtifactLinks,
  ) {}

  /** The outputs that the request asked for. */
  of({ run, outputs }: RunResults, { base, root }: PageContext): ShownOutput[] {
    const plan = planResults(outputs, { ...run.responseSpec, response: 'document' });
    if (plan.kind !== 'document') return [];
    const refer = referTo(run, base, this.links);
    return plan.given.map((given) => ({
      ...this.describe(run, given),
      path: `${root}/jobs/${run.id}/results/${given.output.id}`,
      link: refer(given),
    }));
  }

  private describe(run: ProcessRun, { output }: GivenOutput): Omit<ShownOutput, 'link' | 'path'> {
    const { id, mediaType, features } = output;
    const described = this.catalog.find(run.processId)?.definition.outputs[id];
    return {
      id,
      title: described?.title ?? id,
      description: described?.description,
      mediaType,
      features,
      value: plainValue(output),
      fileName: `${run.processId}-${id}.${extension(mediaType)}`,
    };
  }
}

function plainValue({ payload, mediaType }: GivenOutput['output']): string | undefined {
  const plain = mediaType === 'application/json' || mediaType.startsWith('text/');
  if (!plain || payload.kind !== 'inline' || payload.size > VALUE_BYTES) return undefined;
  return new TextDecoder().decode(payload.bytes);
}

const extension = (mediaType: string): string =>
  mediaType === 'application/geo+json' ? 'geojson' : mediaType.endsWith('json') ? 'json' : 'txt';
