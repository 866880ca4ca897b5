import { Document, parseDocument } from 'yaml';
import { SETTING } from '../lib/service-outputs.ts';

/** What `cdk deploy --outputs-file` writes: the outputs of each stack, by its name. */
export type Outputs = Record<string, Record<string, string>>;

/** Numbers and flags are told as text, since outputs know nothing else. */
const valueOf = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
};

/**
 * The service's configuration with the settings of a deployment: those of `present`, where it is given, keep their places,
 * their comments and what is not ours. Throws Error where there are no settings in the outputs.
 */
export function serviceConfig(outputs: Outputs, present?: string): string {
  const settings = Object.values(outputs)
    .flatMap((stack) => Object.entries(stack))
    .filter(([name]) => name.startsWith(SETTING))
    .map(([name, text]) => [
      name[SETTING.length]!.toLowerCase() + name.slice(SETTING.length + 1),
      valueOf(text),
    ]);
  if (settings.length === 0) throw new Error('These are no outputs of the stack: none of them is a setting.');
  const document = present === undefined ? fresh() : parseDocument(present);
  const fault = document.errors[0];
  if (fault) throw new Error(`The configuration that is there is no YAML: ${fault.message}`);
  const cloudBatch = ['processing', 'cloudBatch'];
  for (const [key, value] of [['provider', 'aws-batch'], ...settings])
    document.setIn([...cloudBatch, String(key)], value);
  return document.toString({ lineWidth: 0 });
}

function fresh(): Document {
  const document = new Document({});
  document.commentBefore =
    ' Written from the outputs of the stack. Start the server with HONUA_ENV=aws-batch.';
  return document;
}
