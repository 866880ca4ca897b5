import { type Crs, type FeatureSet, findCrs } from '../../../geometry-codecs/worker.js';
import type { ProcessDefinition, ProcessExpression } from '../../../registry/worker.js';
import { AppError } from '../../../shared/app-error.js';

type Inputs = ProcessDefinition['inputs'];

/** A request without its features, tables apart, for who computes with numbers in one coordinate system. */
export interface PlainValues {
  /** That of all features and boxes; absent where there are none. */
  crs?: Crs;
  /** By name; lengths and areas in metres on the globe, else in units of the system. */
  scalars: Record<string, unknown>;
}

/** Throws AppError `invalid-input` where the inputs are in several systems. */
export function plainValues(expression: ProcessExpression<FeatureSet>, inputs: Inputs): PlainValues {
  const crs = systemWithBoxes(expression, inputs, systemOfFeatures(expression, inputs));
  return { ...(crs && { crs }), scalars: scalarsOf(expression, inputs, crs) };
}

function systemOfFeatures(expression: ProcessExpression<FeatureSet>, inputs: Inputs): Crs | undefined {
  let crs: Crs | undefined;
  for (const [name, { type }] of Object.entries(inputs)) {
    const set = type === 'features' ? expression.optionalFeatures(name) : undefined;
    if (!set) continue;
    if (crs && crs.name !== set.crs.name) throw otherCrs(name, set.crs, crs);
    crs ??= set.crs;
  }
  return crs;
}

/** The system of the features, which boxes must have too, or else that of the boxes. */
function systemWithBoxes(
  expression: ProcessExpression<FeatureSet>,
  inputs: Inputs,
  ofFeatures: Crs | undefined,
): Crs | undefined {
  let crs = ofFeatures;
  for (const [name, { type }] of Object.entries(inputs)) {
    const box = type === 'bbox' ? expression.boundingBox(name) : undefined;
    if (!box) continue;
    const own = systemOf(name, box.crs);
    if (crs && crs.proj !== own.proj) throw otherCrs(name, own, crs);
    crs ??= own;
  }
  return crs;
}

function systemOf(input: string, name: string): Crs {
  const crs = findCrs(name);
  if ('message' in crs) throw faulty(input, crs.message);
  return crs;
}

const otherCrs = (name: string, { name: theirs }: Crs, { name: ours }: Crs): AppError =>
  faulty(name, `is in ${theirs}, the others in ${ours}; send all in one coordinate system`);

function faulty(input: string, message: string): AppError {
  const path = `/inputs/${input}`;
  return new AppError('invalid-input', 'invalid-input', `${path}: ${message}`, {
    faults: [{ path, message }],
  });
}

function scalarsOf(
  expression: ProcessExpression<FeatureSet>,
  inputs: Inputs,
  crs: Crs | undefined,
): Record<string, unknown> {
  const scalars: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(inputs))
    if (input.type !== 'features' && input.type !== 'file' && expression.has(name))
      scalars[name] = scalarOf(expression, name, input, crs);
  return scalars;
}

/** Lengths become numbers: metres where the features are on the globe, else units of their system. */
function scalarOf(
  expression: ProcessExpression<FeatureSet>,
  name: string,
  { type, maxOccurs }: Inputs[string],
  crs: Crs | undefined,
): unknown {
  const perUnit = crs && !crs.geographic ? crs.metersPerUnit : undefined;
  if (type === 'length') {
    const { value, unitGiven, meters } = expression.length(name);
    if (perUnit === undefined) return meters;
    return unitGiven ? meters / perUnit : value;
  }
  if (type === 'area') {
    const { value, unitGiven, squareMeters } = expression.area(name)!;
    if (perUnit === undefined) return squareMeters;
    return unitGiven ? squareMeters / perUnit ** 2 : value;
  }
  if (type === 'table') return expression.rows(name);
  if (maxOccurs !== 1) return expression.texts(name);
  return type === 'bbox' ? expression.boundingBox(name)!.bbox : expression.scalar(name);
}
