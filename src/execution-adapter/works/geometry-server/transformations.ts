import { type Crs, datumSteps, isObject, type TransformationStep } from '../../../geometry-codecs/worker.js';
import { fault, type GeometryRequest } from './geometry-request.js';

interface Asked {
  wkid: number;
  forward: boolean | undefined;
}

/** `{"wkid"}` for one step forward, else every step with its direction. */
export function writtenTransformation(steps: TransformationStep[]): object {
  const [first, ...others] = steps as [TransformationStep];
  const plain = ({ wkid, name }: TransformationStep): object => ({ wkid, latestWkid: wkid, name });
  if (others.length === 0 && first.forward) return plain(first);
  return { geoTransforms: steps.map((step) => ({ ...plain(step), transformForward: step.forward })) };
}

/**
 * There is one way between two datums here. Where a request asks for a way, it must be that one; a step that changes
 * nothing may be asked for in either direction. Between systems on the same datum there is nothing to choose.
 */
export function checkTransformation(request: GeometryRequest, source: Crs, target: Crs): void {
  if (request.flag('vertical')) throw fault('vertical', 'must be false: heights stay what they are');
  const asked = readTransformation(request);
  const steps = datumSteps(source, target);
  if (!asked || steps.length === 0) return;
  const fits =
    asked.length === steps.length &&
    steps.every(({ wkid, isNull, forward }, index) => {
      const one = asked[index]!;
      return one.wkid === wkid && (isNull || one.forward === undefined || one.forward === forward);
    });
  if (fits) return;
  const way = JSON.stringify(writtenTransformation(steps));
  throw fault('transformation', `is not taken between these systems; the one that is applied is ${way}`);
}

function readTransformation(request: GeometryRequest): Asked[] | undefined {
  if (!request.has('transformation')) return undefined;
  const value = request.required('transformation');
  const forward = request.has('transformForward') ? request.flag('transformForward') : undefined;
  if (isObject(value) && Array.isArray(value.geoTransforms)) {
    return (value.geoTransforms as unknown[]).map((step) => ({
      wkid: codeOf(step),
      forward:
        isObject(step) && typeof step.transformForward === 'boolean' ? step.transformForward : undefined,
    }));
  }
  return [{ wkid: codeOf(value), forward }];
}

function codeOf(value: unknown): number {
  const code = isObject(value) ? (value.latestWkid ?? value.wkid) : value;
  const wkid = typeof code === 'string' && /^\s*\d{1,9}\s*$/.test(code) ? Number(code) : code;
  if (typeof wkid === 'number' && Number.isInteger(wkid) && wkid > 0) return wkid;
  throw fault('transformation', 'must be the wkid of a transformation, or an object with one');
}
