import { z } from 'zod';

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  description?: string;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  type?: string;
}

/** A Markdown table of every leaf of the configuration schema: key, kind, default, what it means. */
export function describeSettings(schema: z.ZodType, defaults: Record<string, unknown>): string {
  const rows: string[] = [];
  collect(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, defaults, [], rows);
  return `# Configuration

Generated from \`src/config/schema.ts\` and \`config/default.yaml\`. Override in \`config/<HONUA_ENV>.yaml\` or by
environment with \`__\` between levels, in any case: \`Processing__Tier3Enabled=false\`. Named variables: \`HONUA_ROLE\`,
\`HONUA_PUBLIC_URL\`, \`HONUA_LOG_LEVEL\`, \`HONUA_ADMIN_KEY\`, \`DATABASE_URL\`, \`HOST\`, \`PORT\`. Unknown keys are faults, and all
faults are reported at once.

| key | kind | default | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function collect(schema: JsonSchema, value: unknown, path: string[], rows: string[]): void {
  if (schema.properties) {
    for (const [key, child] of Object.entries(schema.properties)) {
      collect(child, (value as Record<string, unknown> | undefined)?.[key], [...path, key], rows);
    }
    return;
  }
  const shown = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
  rows.push(`| \`${path.join('.')}\` | ${kindOf(schema)} | ${shown} | ${meaningOf(schema)} |`);
}

function kindOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const special = /^(duration|size):/.exec(schema.description ?? '')?.[1];
  if (special) return special;
  return schema.type ?? schema.anyOf?.map(kindOf).join(' or ') ?? '';
}

const meaningOf = (schema: JsonSchema): string =>
  (schema.description ?? '').replace(/^(duration|size): .*/, '').replaceAll('|', '\\|');
