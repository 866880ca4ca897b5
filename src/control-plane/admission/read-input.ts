import { Injectable } from '@nestjs/common';
import {
  type FetchedReference,
  InputInspector,
  type InputLimits,
  type InspectedInput,
  ReferencesWanted,
  type RunInput,
} from '../../execution/index.js';
import type { ProcessDefinition } from '../../registry/index.js';
import { ReferenceFetcher } from '../references/reference-fetcher.js';
import { areInPlace } from './locality.js';

export interface Sent {
  tenant: string;
  input: RunInput;
  /** The public root of this service, by which it knows references to itself. */
  base?: string;
  /** As an asker of references has it. */
  shared?: Map<string, Promise<FetchedReference>>;
  signal?: AbortSignal;
  /** Whether a run with these references goes first to where its data is. */
  goesToData(references: FetchedReference[]): boolean;
}

/** Has a request read where its geometry may be walked; what it names is fetched, and kept with it. */
@Injectable()
export class ReadInput {
  constructor(
    private readonly inspector: InputInspector,
    private readonly references: ReferenceFetcher,
  ) {}

  /** Gives the input with everything that it names. Throws AppError; then nothing of what was fetched is kept. */
  async read(
    { input, signal, goesToData, ...caller }: Sent,
    definition: ProcessDefinition,
    limits: InputLimits,
  ): Promise<{ input: RunInput; inspected: InspectedInput }> {
    try {
      return { input, inspected: await this.inspector.inspect(input, definition, limits, signal) };
    } catch (error) {
      if (!(error instanceof ReferencesWanted)) throw error;
      const mayStay = goesToData([]);
      let references = await this.references.fetch(error.references, { ...caller, mayStay, signal });
      try {
        // Another layer, which is elsewhere, may keep the run from going there.
        if (areInPlace(references) && !goesToData(references))
          references = await this.references.readOut(references, caller.tenant);
        const whole = { ...input, references };
        return { input: whole, inspected: await this.inspector.inspect(whole, definition, limits, signal) };
      } catch (refusal) {
        await this.references.forget(references);
        throw refusal;
      }
    }
  }
}
