import { Injectable } from '@nestjs/common';
import type { Surface } from '../../execution/index.js';
import type { AppError } from '../../shared/app-error.js';
import type { RunResults } from '../queries/get-results.js';
import type { ProcessRun } from '../run/process-run.entity.js';

export interface CallbackMessage {
  contentType: string;
  body: Uint8Array;
}

/** What a protocol says to a subscriber, in its own words. `base` is the public root of the service, for links. */
export interface CallbackVoice {
  progress(run: ProcessRun, base: string): CallbackMessage;
  results(found: RunResults, base: string): Promise<CallbackMessage>;
  failure(error: AppError): CallbackMessage;
}

/** The voice of each protocol that takes subscribers; each enters its own at start, so nobody here names them. */
@Injectable()
export class CallbackVoices {
  private readonly voices = new Map<Surface, CallbackVoice>();

  register(surface: Surface, voice: CallbackVoice): void {
    this.voices.set(surface, voice);
  }

  of(surface: Surface): CallbackVoice {
    const voice = this.voices.get(surface);
    if (!voice) throw new Error(`Surface ${surface} has no words for subscribers`);
    return voice;
  }
}
