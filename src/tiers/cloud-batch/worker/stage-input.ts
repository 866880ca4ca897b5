import type { RequestOptions, Work, WorkContext } from '../../../execution/index.js';
import { framed } from '../../../execution/worker.js';
import {
  type Crs,
  type FeatureSet,
  type Geos,
  writeFeatureCollection,
} from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import type { ProcessExpression } from '../../../registry/worker.js';
import type { StagedFile, StageHead, StageParameters } from '../thread-protocol.js';

/** Reads and checks a request as tier 1 does; given by whoever composes the thread. */
type ReadRequest = (
  context: WorkContext<Geos>,
  request: StageParameters,
) => {
  expression: ProcessExpression<FeatureSet>;
  options: RequestOptions;
  output: { outputCrs?: string; coordinatePrecision?: number };
  plain(): { crs?: Crs; scalars: Record<string, unknown> };
};

/** A request as the files that a worker reads; what was fetched as a file is not looked into. */
export const stageInput =
  (read: ReadRequest): Work<Geos> =>
  (context) => {
    const parameters = context.parameters as StageParameters;
    const { expression, options, output, plain } = read(context, parameters);
    if (output.outputCrs !== undefined || output.coordinatePrecision !== undefined)
      throw new AppError(
        'unavailable',
        'output-as-computed',
        'Workers give features out as they were computed.',
      );
    const files: StageHead['files'] = [];
    const parts: Uint8Array[] = [];
    let left = context.maxBytes;
    const add = (input: string, bytes: Uint8Array, about: Pick<StagedFile, 'mediaType' | 'crs'>): void => {
      left -= bytes.length;
      parts.push(bytes);
      files.push({ input, file: { ...about, size: bytes.length } });
    };
    for (const [input, { type }] of Object.entries(parameters.definition.inputs)) {
      const set = type === 'features' ? expression.optionalFeatures(input) : undefined;
      if (set)
        add(input, writeFeatureCollection(set.features, set.crs, left), {
          mediaType: 'application/geo+json',
          crs: set.crs.name,
        });
      for (const { at, mediaType } of type === 'file' ? expression.files(input) : []) {
        if ('bytes' in at) add(input, at.bytes, { mediaType });
        else files.push({ input, file: { mediaType, href: at.href } });
      }
    }
    const outputs = options.outputs && Object.keys(options.outputs);
    const head: StageHead = { values: plain().scalars, files, ...(outputs && { outputs }) };
    return framed(head, parts);
  };
