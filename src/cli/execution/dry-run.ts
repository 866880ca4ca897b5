import type { Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Decision } from '../server/documents.js';
import type { ExecuteRequest } from './execute-request.js';

/**
 * Prints the request that would be sent, and what the server's dry run says of it: nothing is submitted. Throws Failure
 * where the server would refuse it.
 */
export async function dryRun(request: ExecuteRequest, { server, printer }: Context): Promise<void> {
  const { method, path, headers, body } = request;
  const url = server.url + path;
  if (!printer.json) printer.lines(requestLines(request, url));
  // Nothing is waited for or fetched: only the decision is asked for.
  const decision = await server.json<Decision>(`${path}?dry-run=true`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  if (printer.json) printer.value({ request: { method, url, headers, body }, decision });
  else printer.lines(['', ...decisionLines(decision)]);
  if (!decision.admitted)
    throw new Failure(EXIT.refused, `It would be refused: ${decision.reason}`, {
      ...(decision.retryAfterSeconds && {
        details: [`Try again in ${Math.ceil(decision.retryAfterSeconds)} s.`],
      }),
    });
}

const requestLines = ({ method, headers, body }: ExecuteRequest, url: string): string[] => [
  `${method} ${url}`,
  ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  '',
  JSON.stringify(body, null, 2),
];

function decisionLines({
  estimatedCostUnits,
  mode,
  tiers = [],
  reason,
  approval,
  warnings = [],
}: Decision): string[] {
  return [
    ...(estimatedCostUnits === undefined ? [] : [`Estimated cost: ${estimatedCostUnits} units`]),
    ...(mode
      ? [
          `It would run ${mode === 'async' ? 'as a job' : 'at once'}${tiers.length > 0 ? ` on ${tiers.join(', then ')}` : ''}: ${reason}`,
        ]
      : []),
    ...(approval ? [`It would wait for approval: ${approval.reason}`] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
    'Nothing was submitted.',
  ];
}
