import { z } from 'zod';
import { ARTIFACT_NAME } from '../../artifacts/index.js';
import type { ProcessDefinition } from '../../registry/index.js';
import { AppError } from '../../shared/app-error.js';

type Handler = Record<string, unknown> | undefined;

/** What a process says of its command: outputs by the files that it leaves, and values of its variables. */
const commandHandler = z.strictObject({
  script: z.string(),
  variables: z.record(z.string(), z.string()).optional(),
  files: z.record(z.string(), z.string().regex(ARTIFACT_NAME)).default({}),
  /** The output that lists all files. */
  listing: z.string().optional(),
});

/** As a worker reads it; a file without a media type holds the value of its output, as JSON. */
interface StagedCommand {
  variables?: Record<string, string>;
  files: Record<string, { path: string; mediaType?: string }>;
  listing?: string;
}

const isOfCommand = (handler: Handler): boolean =>
  typeof handler?.script === 'string' && handler.script.startsWith('command:');

/** What is wrong with a handler by itself; undefined where nothing is. */
export function faultOfHandler(handler: Handler): string | undefined {
  const fault = isOfCommand(handler) ? commandHandler.safeParse(handler).error : undefined;
  return fault && `The handler of its command is not valid: ${z.prettifyError(fault)}`;
}

/** Undefined for a handler of a script. Throws AppError `unavailable` where outputs and files are not of each other. */
export function readCommandHandler(
  { outputs }: Pick<ProcessDefinition, 'outputs'>,
  handler: Handler,
): StagedCommand | undefined {
  if (!isOfCommand(handler)) return undefined;
  const { files, listing, variables } = commandHandler.parse(handler);
  const given = [...Object.keys(files), ...(listing === undefined ? [] : [listing])];
  const lacking = Object.keys(outputs).find((id) => !given.includes(id));
  if (lacking !== undefined) throw wrong(`Its command has no file for output '${lacking}'.`);
  const strange = given.find((id) => !outputs[id]);
  if (strange !== undefined) throw wrong(`Its command has a file for '${strange}', which is no output.`);
  return {
    ...(variables && { variables }),
    ...(listing !== undefined && { listing }),
    files: Object.fromEntries(
      Object.entries(files).map(([id, path]) => [id, stagedFile(path, outputs[id]!)]),
    ),
  };
}

const wrong = (message: string): AppError => new AppError('unavailable', 'command-outputs', message);

function stagedFile(
  path: string,
  { type, mediaType }: ProcessDefinition['outputs'][string],
): { path: string; mediaType?: string } {
  if (type === 'features') return { path, mediaType: 'application/geo+json' };
  return type === 'file' ? { path, mediaType: mediaType ?? 'application/octet-stream' } : { path };
}
