import type { ArtifactLinks } from '../../../artifacts/index.js';
import type { ProcessRun } from '../../../control-plane/index.js';
import type { GivenOutput } from './plan-results.js';

/** An output given by reference: link.yaml, and what a client wants to know before it follows. */
export interface ArtifactReference {
  rel: string;
  href: string;
  type: string;
  sizeBytes: number;
  expiresAt: string;
}

/** Makes the time-limited links to the outputs of one run. `base` is the public root of this service. */
export const referTo =
  (
    run: Pick<ProcessRun, 'id' | 'tenant' | 'completedAt' | 'updatedAt'>,
    base: string,
    links: ArtifactLinks,
  ) =>
  ({ output, mediaType }: GivenOutput): ArtifactReference => {
    const claims = { tenant: run.tenant, runId: run.id, outputId: output.id };
    const { token, expiresAt } = links.sign(claims, run.completedAt ?? run.updatedAt);
    return {
      rel: output.id,
      href: `${base}/artifacts/${token}`,
      type: mediaType,
      sizeBytes: output.payload.size,
      expiresAt: expiresAt.toISOString(),
    };
  };
