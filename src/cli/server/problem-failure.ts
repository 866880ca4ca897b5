import { exitCodeOf } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Problem } from './documents.js';

/** An answer that is an error, as what the command ends with. Reads its body. */
export async function failureOfReply(reply: Response): Promise<Failure> {
  const text = await reply.text().catch(() => '');
  const problem = readProblem(text) ?? {
    title: `The server answered ${reply.status} ${reply.statusText}`.trim(),
  };
  return failureOfProblem(
    { status: reply.status, ...problem },
    reply.headers.get('retry-after') ?? undefined,
  );
}

/** `retryAfter` is the header's text. Each fault stands on a line of its own, with the input it is about. */
export function failureOfProblem(problem: Problem, retryAfter?: string): Failure {
  const { title, detail, status = 500, code, faults = [] } = problem;
  // Of a single fault the detail says the same once more.
  const [only] = faults;
  const isSaidBelow = only !== undefined && detail === `${only.path}: ${only.message}`;
  const said = [title, isSaidBelow ? undefined : detail].filter(Boolean);
  const message = said.join(': ') || `The server answered ${status}`;
  const details = faults.map(({ path, message }) => `${placeOf(path)}: ${message}`);
  if (status === 401) details.push('Set HONUA_API_KEY or HONUA_TOKEN, or name a profile with --profile.');
  if (retryAfter)
    details.push(`Try again ${/^\d+$/.test(retryAfter) ? `in ${retryAfter} s` : `at ${retryAfter}`}.`);
  return new Failure(exitCodeOf(status, code), message, { details, problem });
}

function readProblem(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // a page of a proxy, say
  }
}

/** `/inputs/distance/value` is `input distance (/value)`; other pointers stay what they are. */
function placeOf(path: string): string {
  const [start, name, ...rest] = path.split('/').slice(1).map(unescapePointer);
  if (start !== 'inputs' || name === undefined) return path || 'the request';
  return rest.length > 0 ? `input ${name} (/${rest.join('/')})` : `input ${name}`;
}

/** RFC 6901 §4. */
const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
