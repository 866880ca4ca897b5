import type { OutputPayload, RequestedOutput, RequestOptions } from '../../../execution/index.js';

/** An output as it is to be given. */
export interface GivenOutput {
  output: OutputPayload;
  /** The type asked for, else the output's own. */
  mediaType: string;
  /** Whether a type was asked for. */
  asked: boolean;
  byReference: boolean;
}

/** The shapes a result can have (the table of clause 7 of the standard). */
export type ResultsPlan =
  | { kind: 'nothing' }
  | { kind: 'value'; given: GivenOutput }
  | { kind: 'links'; given: GivenOutput[] }
  | { kind: 'multipart'; given: GivenOutput[] }
  | { kind: 'document'; given: GivenOutput[] };

/**
 * Which shape the results of a run have, by the request that made it. Outputs that were not asked for are left out; an
 * empty `outputs` asks for none.
 */
export function planResults(
  outputs: OutputPayload[],
  { outputs: wanted, response }: RequestOptions,
): ResultsPlan {
  const given = outputs
    .filter(({ id }) => !wanted || Object.hasOwn(wanted, id))
    .map((output) => give(output, wanted?.[output.id], response));
  if (given.length === 0) return { kind: 'nothing' };
  if (response === 'document') return { kind: 'document', given };
  if (given.every(({ byReference }) => byReference)) return { kind: 'links', given };
  return given.length === 1 ? { kind: 'value', given: given[0]! } : { kind: 'multipart', given };
}

const JSON_TYPES = /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/;

/** Whether values of this type can stand in a document as they are. */
export const isJson = (mediaType: string): boolean => JSON_TYPES.test(mediaType);

const give = (
  output: OutputPayload,
  wanted: RequestedOutput | undefined,
  response: RequestOptions['response'],
): GivenOutput => ({
  output,
  mediaType: wanted?.mediaType ?? output.mediaType,
  asked: wanted?.mediaType !== undefined,
  // What is no JSON has no place in a document; whoever wants its value there is told so.
  byReference: wanted?.transmission
    ? wanted.transmission === 'reference'
    : response === 'document' && !isJson(output.mediaType),
});
