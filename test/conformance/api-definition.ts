import { submit, untilFinished } from '../support/ogc-client.js';
import { getJson, headerLinks } from './client.js';

interface Described {
  content?: Record<string, { schema?: object; examples?: Record<string, { value: unknown }> }>;
}

interface Parameter {
  name: string;
  in: string;
  example?: unknown;
}

/** One operation of the API definition. */
export interface Operation {
  path: string;
  method: string;
  parameters: Parameter[];
  requestBody?: Described;
  responses: Record<string, Described>;
  security?: object[];
}

export interface ApiDefinition {
  openapi: string;
  security?: object[];
  components?: { securitySchemes?: object };
  operations: Operation[];
}

type Paths = Record<
  string,
  Record<string, Omit<Operation, 'path' | 'method' | 'parameters'> & { parameters?: Parameter[] }>
>;

export async function apiDefinition(url: string): Promise<ApiDefinition> {
  const document = await getJson<ApiDefinition & { paths: Paths }>(`${url}/api/openapi.json`);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      parameters: operation.parameters ?? [],
      path,
      method: method.toUpperCase(),
    })),
  );
  return { ...document, operations };
}

/** Values for the path parameters of operations: of things that are there, made anew for each request. */
export async function realThings(url: string): Promise<Record<string, string>> {
  const outputs = { echo: { transmissionMode: 'reference' } };
  const job = await submit(url, 'echo', { inputs: { echo: 'there' }, outputs });
  await untilFinished(job);
  const array = await submit(url, 'echo', {
    inputs: {},
    array: [1, 2].map((n) => ({ inputs: { echo: `${n}` } })),
  });
  const upload = await fetch(`${url}/uploads`, { method: 'POST', body: 'there' });
  const [link] = headerLinks(await fetch(`${job}/results`));
  return {
    processID: 'buffer',
    jobID: job.split('/').at(-1)!,
    arrayID: array.split('/').at(-1)!,
    outputID: 'echo',
    token: link!.href.split('/').at(-1)!,
    uploadID: upload.headers.get('location')!.split('/').at(-1)!,
  };
}

/** A path with its parameters replaced; where nothing is known of one, by the example it is documented with. */
export function filled({ path, parameters }: Operation, values: Record<string, string>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const example = parameters.find(
      (parameter) => parameter.in === 'path' && parameter.name === name,
    )?.example;
    const value = values[name] ?? example;
    if (typeof value !== 'string')
      throw new Error(`${path}: nothing is known of ${name}, not even an example`);
    return encodeURIComponent(value);
  });
}

/** The first documented example of a JSON body. */
export const exampleBody = ({ requestBody }: Operation): string | undefined => {
  const [example] = Object.values(requestBody?.content?.['application/json']?.examples ?? {});
  return example && JSON.stringify(example.value);
};
