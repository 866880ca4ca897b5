import { workerData } from 'node:worker_threads';
import type { EnvelopeReaders, RequestToRead, WorkContext } from '../../../execution/index.js';
import type { Geos } from '../../../geometry-codecs/worker.js';
import { crsInput } from '../operations/crs-input.js';
import { type OutputOptions, outputOptions } from '../output/output-style.js';
import type { ThreadData } from '../task-protocol.js';
import { type PlainValues, plainValues } from './plain-values.js';
import { type ReadRequest, readRequest } from './read-request.js';

/**
 * Reads a request for another tier: with the same checks as for this one, and with how its features are to be given out.
 * Throws AppError as `readRequest` does, and for a coordinate system that nothing can be given out in.
 */
export const requestReader =
  (readers: EnvelopeReaders) =>
  (
    { source }: WorkContext<Geos>,
    request: RequestToRead,
  ): ReadRequest & { output: OutputOptions; plain(): PlainValues } => {
    const read = readRequest({ ...request, source: { bytes: source } }, readers, heapBytes());
    const output = outputOptions(read.expression);
    crsInput(output.outputCrs, 'outputCrs');
    return { ...read, output, plain: () => plainValues(read.expression, request.definition.inputs) };
  };

const heapBytes = (): number => (workerData as ThreadData).heapBytes;
