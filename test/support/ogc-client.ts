/** The least a client of OGC API - Processes does; it throws with the body on any answer that is not expected. */

export interface ExecuteBody {
  inputs: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  response?: 'raw' | 'document';
  array?: object[];
}

export interface Status {
  jobID: string;
  status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';
  message?: string;
  progress?: number;
  executedTier?: string;
  links: { rel: string; href: string; type?: string }[];
}

type Outputs = Record<string, unknown>;

export function post(
  url: string,
  process: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/processes/${process}/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Runs and waits, on whichever side the server chooses to: a sync run that takes long becomes a job. */
export async function executeSync(url: string, process: string, body: ExecuteBody): Promise<Outputs> {
  const reply = await post(url, process, body);
  if (reply.status === 201) return resultsOf(jobUrl(url, reply));
  return okJson(reply);
}

export async function executeAsync(url: string, process: string, body: ExecuteBody): Promise<Outputs> {
  return resultsOf(await submit(url, process, body));
}

/** Submits as a job and returns its URL. */
export async function submit(
  url: string,
  process: string,
  body: ExecuteBody,
  headers: Record<string, string> = {},
): Promise<string> {
  const reply = await post(url, process, body, { prefer: 'respond-async', ...headers });
  if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}: ${await reply.text()}`);
  await reply.arrayBuffer();
  return jobUrl(url, reply);
}

/** The Location, on the address the test reaches the server by. */
export function jobUrl(url: string, reply: Response): string {
  return new URL(new URL(reply.headers.get('location')!).pathname, url).href;
}

export const statusOf = async (job: string): Promise<Status> =>
  (await okJson(await fetch(job))) as unknown as Status;

export async function untilFinished(job: string, limitMs = 60_000): Promise<Status> {
  const end = Date.now() + limitMs;
  for (;;) {
    const status = await statusOf(job);
    if (status.status !== 'accepted' && status.status !== 'running') return status;
    if (Date.now() > end) throw new Error(`Not finished in ${limitMs} ms: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function resultsOf(job: string): Promise<Outputs> {
  const { status, message } = await untilFinished(job);
  if (status !== 'successful') throw new Error(`The job ended ${status}: ${message}`);
  return okJson(await fetch(`${job}/results`));
}

async function okJson(reply: Response): Promise<Outputs> {
  if (reply.status !== 200) throw new Error(`Expected 200, got ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as Outputs;
}
