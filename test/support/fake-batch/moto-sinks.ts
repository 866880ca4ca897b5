/** What AWS Batch writes elsewhere, written to a moto server: events, and the logs of containers. */
const DATE = '20260101';

/** moto finds the service by the credential's scope, and verifies nothing. */
async function call(endpoint: string, service: string, target: string, body: object): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=test/${DATE}/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok && !text.includes('ResourceAlreadyExists'))
    throw new Error(`${target} was answered ${response.status}: ${text.slice(0, 500)}`);
}

const AT_ONCE = 10;

/** Puts events on the default bus, ten in a call. The real service keeps `aws.` for itself; moto does not. */
export function eventsToMoto(
  endpoint: string,
): (event: { source: string; 'detail-type': string; detail: object }) => Promise<void> {
  const waiting: object[] = [];
  let sending: Promise<void> | undefined;
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const Entries = waiting.splice(0, AT_ONCE);
      await call(endpoint, 'events', 'AWSEvents.PutEvents', { Entries });
    }
  };
  return ({ source, 'detail-type': type, detail }) => {
    waiting.push({ Source: source, DetailType: type, Detail: JSON.stringify(detail) });
    sending ??= send().finally(() => (sending = undefined));
    return sending;
  };
}

/** Writes the log of a container into a stream of its own. */
export async function logToMoto(
  endpoint: string,
  { group, stream, text }: { group: string; stream: string; text: string },
): Promise<void> {
  const logs = (action: string, body: object): Promise<void> =>
    call(endpoint, 'logs', `Logs_20140328.${action}`, body);
  await logs('CreateLogGroup', { logGroupName: group });
  await logs('CreateLogStream', { logGroupName: group, logStreamName: stream });
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return;
  const timestamp = Date.now();
  const logEvents = lines.slice(-5_000).map((message) => ({ timestamp, message }));
  await logs('PutLogEvents', { logGroupName: group, logStreamName: stream, logEvents });
}
