import type { Context } from '../context.js';
import { drawTable, printable } from '../printing/table.js';
import type {
  InputDescription,
  ProcessDescription,
  ProcessSummary,
  ValueSchema,
} from '../server/documents.js';
import type { Server } from '../server/server.js';

const PAGE = 1_000;

/** Tells what can be run; with an id, what that process takes and gives. */
export async function processes(id: string | undefined, { server, printer }: Context): Promise<void> {
  if (id !== undefined) {
    const process = await describeProcess(id, server);
    return printer.json
      ? printer.value(process)
      : printer.lines(descriptionLines(process, printer.stdout.columns));
  }
  const all = await listProcesses(server);
  if (printer.json) return printer.value(all);
  const rows = all.map(({ id, version, title = '' }) => [id, version, title]);
  printer.lines(drawTable(rows, printer.stdout.columns));
}

export const describeProcess = (id: string, server: Server): Promise<ProcessDescription> =>
  server.json<ProcessDescription>(`/processes/${encodeURIComponent(id)}`);

async function listProcesses(server: Server): Promise<ProcessSummary[]> {
  const found: ProcessSummary[] = [];
  for (;;) {
    const query = `limit=${PAGE}&offset=${found.length}`;
    const page = await server.json<{ processes: ProcessSummary[]; numberMatched?: number }>(
      `/processes?${query}`,
    );
    found.push(...page.processes);
    if (page.processes.length === 0 || found.length >= (page.numberMatched ?? found.length)) return found;
  }
}

/** Without a width, of a pipe, nothing is cut. */
export function descriptionLines(process: ProcessDescription, width?: number): string[] {
  const { id, version, title, description, inputs, outputs } = process;
  return [
    printable(`${id} ${version}${title ? ` — ${title}` : ''}`),
    ...(description ? ['', printable(description)] : []),
    '',
    'Inputs',
    ...drawTable(
      Object.entries(inputs).map(([name, input]) => [
        `  ${name}`,
        typeName(input.schema),
        need(input),
        about(input),
      ]),
      width,
    ).map(indented),
    '',
    'Outputs',
    ...drawTable(
      Object.entries(outputs).map(([name, output]) => [name, typeName(output.schema), about(output)]),
      width,
    ).map(indented),
  ];
}

const indented = (line: string): string => `  ${line}`;

const about = ({ title = '', description }: { title?: string; description?: string }): string =>
  description ?? title;

function need({ minOccurs = 1, maxOccurs = 1, schema }: InputDescription): string {
  const several = maxOccurs === 1 ? '' : ', several';
  if (minOccurs > 0) return `required${several}`;
  return (schema.default === undefined ? 'optional' : `default ${JSON.stringify(schema.default)}`) + several;
}

/** In the words that the command line takes values by. */
function typeName(schema: ValueSchema): string {
  if (schema.enum) return schema.enum.map(String).join('|');
  const branches = schema.oneOf ?? [schema];
  if (branches.some(({ format = '' }) => format.startsWith('geojson'))) return 'features';
  if (schema.format === 'ogc-bbox') return 'bbox';
  if (branches.some(({ properties }) => properties?.unit)) return 'quantity';
  if (branches.some(({ format }) => format === 'duration')) return 'duration';
  return schema.type === 'array' ? 'table' : (schema.format ?? schema.type ?? 'any');
}
