/** The least a client of GeoServices REST does. */

export interface Envelope {
  error: { code: number; message: string; details: string[] };
}

export const gp = (url: string, path = '', service = 'GP'): string =>
  `${url}/arcgis/rest/services/${service}/GPServer${path && `/${path}`}`;

/** JSON as the service answers, which is always with HTTP 200. */
export async function ask(
  url: string,
  parameters: Record<string, unknown> = {},
  method = 'POST',
): Promise<any> {
  const form = new URLSearchParams({ f: 'json' });
  for (const [name, value] of Object.entries(parameters))
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  const reply = await (method === 'GET'
    ? fetch(`${url}?${form}`)
    : fetch(url, { method: 'POST', body: form }));
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${reply.status}: ${text}`);
  return JSON.parse(text);
}

/** As `ask`, but an error of the service is thrown. */
export async function askWell(url: string, parameters: Record<string, unknown> = {}): Promise<any> {
  const answer = await ask(url, parameters);
  if (answer.error) throw new Error(JSON.stringify(answer.error));
  return answer;
}

export async function untilOver(job: string, limitMs = 30_000): Promise<any> {
  const end = Date.now() + limitMs;
  for (;;) {
    const info = await askWell(job);
    if (!['esriJobSubmitted', 'esriJobExecuting', 'esriJobCancelling'].includes(info.jobStatus)) return info;
    if (Date.now() > end) throw new Error(`Not over in ${limitMs} ms: ${JSON.stringify(info)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Submits a job and gives its URL. */
export async function submitJob(
  url: string,
  task: string,
  parameters: Record<string, unknown>,
): Promise<string> {
  const { jobId } = await askWell(gp(url, `${task}/submitJob`), parameters);
  return gp(url, `${task}/jobs/${jobId}`);
}

export const pointSet = (x: number, y: number, wkid = 4326, attributes: object = {}): object => ({
  features: [{ geometry: { x, y, spatialReference: { wkid } }, attributes }],
});
