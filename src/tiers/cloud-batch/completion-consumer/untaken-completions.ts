import { AppError } from '../../../shared/app-error.js';
import { CompletionSink } from './completion-sink.js';

/** Where no provider hears of its jobs by events: nothing is taken, so nothing is deleted. */
export class UntakenCompletions extends CompletionSink {
  async accept(): Promise<void> {
    throw new AppError('unavailable', 'completions-untaken', 'No provider here takes completions.');
  }
}
