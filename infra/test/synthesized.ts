import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApp, STACK_NAME } from '../lib/geoprocessing-app.ts';

export interface Resource {
  Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- templates have no types
  Properties: Record<string, any>;
  DeletionPolicy?: string;
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown }>;
}

/** The template with the options given. */
export function synthesized(context: Record<string, unknown> = {}): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'honua-synth-'));
  try {
    return makeApp({ outdir, context }).synth().getStackByName(STACK_NAME).template as Template;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export const ofType = ({ Resources }: Template, type: string): [string, Resource][] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);
