import { readFileSync } from 'node:fs';
import type {
  EnvelopeReaders,
  InputSummary,
  RequestOptions,
  RequestToRead,
} from '../../../execution/index.js';
import { type Bounds, type FeatureSet, readFeatures } from '../../../geometry-codecs/worker.js';
import { compileExpression, type ProcessExpression } from '../../../registry/worker.js';
import { AppError } from '../../../shared/app-error.js';
import type { ComputeTask } from '../task-protocol.js';
import { FetchedValues } from './fetched-values.js';
import { parseJson } from './parse-json.js';
import { TableReference } from './table-reference.js';

export interface ReadRequest {
  expression: ProcessExpression<FeatureSet>;
  options: RequestOptions;
  summary: InputSummary;
}

/** Bytes to a compiled request. Throws AppError `invalid-input`, `too-large`, `unsupported`, and ReferencesWanted. */
export function readRequest(
  task: Pick<ComputeTask, 'source' | keyof RequestToRead>,
  readers: EnvelopeReaders,
  heapBytes: number,
): ReadRequest {
  const bytes = 'path' in task.source ? readFileSync(task.source.path) : Buffer.from(task.source.bytes);
  const read = readers[task.surface];
  if (!read)
    throw new AppError('unsupported', 'unknown-surface', `Requests of ${task.surface} cannot be read here.`);
  const json = (text: Buffer = bytes): unknown => parseJson(text, heapBytes);
  const envelope = read({ bytes, mediaType: task.mediaType, json }, task.definition);
  const { options } = envelope;
  const { references = [] } = task;
  const inputs = new FetchedValues(task.definition, references, heapBytes).fill(envelope.inputs);
  const measured = { features: 0, vertices: 0 };
  const inPlace = { features: 0, vertices: 0 };
  const bounds: Bounds[] = [];
  const { expression, scalars } = compileExpression<FeatureSet>(
    task.definition,
    inputs,
    ({ value, path }, { geometryTypes }) => {
      if (value instanceof TableReference) {
        const table = value.describe(path, { geometryTypes });
        if (Array.isArray(table)) return table;
        inPlace.features += table.inPlace!.features;
        inPlace.vertices += table.vertices;
        return table;
      }
      const set = readFeatures(value, {
        ...task.limits,
        path,
        alreadyRead: measured,
        ...(geometryTypes && { geometryTypes }),
      });
      if (Array.isArray(set)) return set;
      measured.features += set.features.length;
      measured.vertices += set.vertices;
      if (set.bbox) bounds.push(set.bbox);
      return set;
    },
  );
  const features = measured.features + inPlace.features + countRows(expression, task);
  const bbox = bounds.reduce<Bounds | undefined>(merge, undefined);
  return {
    expression,
    options,
    summary: {
      bytes: references.reduce((sum, { size }) => sum + size, bytes.length),
      vertices: measured.vertices + inPlace.vertices,
      features,
      ...(inPlace.features > 0 && { inPlace }),
      ...(bbox && { bbox }),
      scalars,
    },
  };
}

/** Rows count as features do. */
function countRows(
  expression: ProcessExpression<FeatureSet>,
  { definition, limits: { maxFeatures } }: Pick<ComputeTask, keyof RequestToRead>,
): number {
  let rows = 0;
  for (const [name, { type }] of Object.entries(definition.inputs)) {
    if (type !== 'table') continue;
    rows += expression.rows(name).length;
    if (rows > maxFeatures)
      throw new AppError('too-large', 'too-many-features', `/inputs/${name}: more than ${maxFeatures} rows.`);
  }
  return rows;
}

const merge = (a: Bounds | undefined, b: Bounds): Bounds =>
  a ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])] : b;
