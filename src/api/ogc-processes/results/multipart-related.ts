import type { Segment } from '../../../execution-adapter/index.js';
import type { ArtifactReference } from './result-links.js';
import type { GivenOutput } from './plan-results.js';

/**
 * multipart/related (RFC 2387), a part per output with the output's id as Content-ID; a part by reference has a
 * Content-Location and no body. The boundary comes from the run's id: the same results are the same bytes each time, and
 * nobody knew it when the input was written.
 */
export function multipartRelated(
  runId: string,
  given: GivenOutput[],
  refer: (given: GivenOutput) => ArtifactReference,
): { contentType: string; segments: Segment[] } {
  const boundary = `honua-${runId}`;
  const segments = given.flatMap((one): Segment[] => {
    const head = `--${boundary}\r\nContent-ID: ${one.output.id}\r\nContent-Type: ${one.mediaType}\r\n`;
    return one.byReference
      ? [`${head}Content-Location: ${refer(one).href}\r\n\r\n\r\n`]
      : [`${head}Content-Length: ${one.output.payload.size}\r\n\r\n`, one.output.payload, '\r\n'];
  });
  return {
    contentType: `multipart/related; boundary="${boundary}"; type="${given[0]!.mediaType}"`,
    segments: [...segments, `--${boundary}--\r\n`],
  };
}
