import { AppError, type Fault } from '../shared/app-error.js';
import type { BoundingBox } from './bounding-box.js';
import { compileScalar } from './compile-scalar.js';
import { metersIn, parseLengthUnit } from './length-units.js';
import {
  type Area,
  type InputValue,
  type Length,
  ProcessExpression,
  type RawInput,
  type RawValue,
} from './process-expression.js';
import type { InputDefinition, ProcessDefinition } from './process-definition.js';

/** Reads and checks one geometry-bearing value; returns faults where it is wrong. */
export type FeatureReader<Features> = (value: RawValue, definition: InputDefinition) => Features | Fault[];

export interface Compiled<Features> {
  expression: ProcessExpression<Features>;
  /** Every value that is no geometry, after aliases and defaults; lengths and areas in metres. */
  scalars: Record<string, string | number | boolean>;
}

/** Checks a request against its definition. Throws AppError `invalid-input` with every fault found. */
export function compileExpression<Features>(
  definition: ProcessDefinition,
  inputs: RawInput[],
  readFeatures: FeatureReader<Features>,
): Compiled<Features> {
  const faults: Fault[] = [];
  const given = matchNames(definition, inputs, faults);
  const values = new Map<string, InputValue<Features>[]>();
  for (const [name, input] of Object.entries(definition.inputs)) {
    const raw = given.get(name);
    checkOccurrence(name, input, raw, faults);
    const read = (raw?.values ?? defaultValue(input, name)).flatMap((value): InputValue<Features>[] => {
      const result = input.type === 'features' ? readFeatures(value, input) : compileScalar(value, input);
      if (!Array.isArray(result)) return [result];
      faults.push(...result);
      return [];
    });
    if (read.length > 0) values.set(name, read);
  }
  if (faults.length > 0) {
    throw new AppError('invalid-input', 'invalid-input', summarise(faults), { faults });
  }
  applyUnitInput(definition, values);
  return { expression: new ProcessExpression(values), scalars: collectScalars(definition, values) };
}

/** Requested names to defined ones. Names are case-sensitive; an input given twice is a fault. */
function matchNames(
  definition: ProcessDefinition,
  inputs: RawInput[],
  faults: Fault[],
): Map<string, RawInput> {
  const known = new Map<string, string>();
  for (const [name, { aliases }] of Object.entries(definition.inputs)) {
    for (const alias of [name, ...aliases]) known.set(alias, name);
  }
  const given = new Map<string, RawInput>();
  for (const input of inputs) {
    const name = known.get(input.name);
    if (!name)
      faults.push({
        path: input.path,
        message: `the process has no input of this name; it has ${listed(definition)}`,
      });
    else if (given.has(name)) faults.push({ path: input.path, message: `input ${name} is given twice` });
    else given.set(name, input);
  }
  return given;
}

const listed = (definition: ProcessDefinition): string => Object.keys(definition.inputs).join(', ') || 'none';

function checkOccurrence(
  name: string,
  input: InputDefinition,
  raw: RawInput | undefined,
  faults: Fault[],
): void {
  const count = raw?.values.length ?? (input.default === undefined ? 0 : 1);
  const path = raw?.path ?? `/inputs/${name}`;
  if (count < input.minOccurs) {
    faults.push({ path, message: raw ? `needs at least ${input.minOccurs} value(s)` : 'is required' });
  }
  if (input.maxOccurs !== 'unbounded' && count > input.maxOccurs) {
    faults.push({ path, message: `takes at most ${input.maxOccurs} value(s)` });
  }
}

const defaultValue = (input: InputDefinition, name: string): RawValue[] =>
  input.default === undefined ? [] : [{ value: input.default, path: `/inputs/${name}` }];

/** `"distance": 5, "unit": "kilometers"`: an input named `unit` says the unit of lengths that name none. */
function applyUnitInput<Features>(
  definition: ProcessDefinition,
  values: Map<string, InputValue<Features>[]>,
): void {
  const text = definition.inputs.unit?.type === 'string' ? values.get('unit')?.[0] : undefined;
  if (typeof text !== 'string') return;
  const unit = parseLengthUnit(text);
  if (!unit) {
    const message = `"${text}" is no unit of length`;
    throw new AppError('invalid-input', 'invalid-input', summarise([{ path: '/inputs/unit', message }]), {
      faults: [{ path: '/inputs/unit', message }],
    });
  }
  for (const [name, input] of Object.entries(definition.inputs)) {
    if (input.type !== 'length') continue;
    for (const length of (values.get(name) ?? []) as Length[]) {
      if (length.unitGiven) continue;
      length.unitGiven = true;
      length.meters = length.value * metersIn(unit);
    }
  }
}

function collectScalars<Features>(
  definition: ProcessDefinition,
  values: Map<string, InputValue<Features>[]>,
): Compiled<Features>['scalars'] {
  const scalars: Compiled<Features>['scalars'] = {};
  for (const [name, read] of values) {
    const type = definition.inputs[name]!.type;
    if (type === 'features' || type === 'table' || type === 'file') continue;
    const plain = read.map((value) => {
      if (type === 'length') return (value as Length).meters;
      if (type === 'area') return (value as Area).squareMeters;
      return type === 'bbox' ? (value as BoundingBox).bbox.join(' ') : (value as string | number | boolean);
    });
    scalars[name] = plain.length === 1 ? plain[0]! : plain.join(',');
  }
  return scalars;
}

function summarise(faults: Fault[]): string {
  const [first] = faults as [Fault];
  const rest = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return `${first.path || 'The request'}: ${first.message}${rest}`;
}
