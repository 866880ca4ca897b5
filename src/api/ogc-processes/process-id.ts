import { Injectable, type PipeTransform } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';

const IDENTIFIER = /^[A-Za-z][\w-]{0,199}$/;

/** A processID of the path; what cannot be one is not repeated in the answer. */
@Injectable()
export class ProcessId implements PipeTransform<string, string> {
  transform(text: string): string {
    if (IDENTIFIER.test(text)) return text;
    throw new AppError('not-found', 'process-not-found', 'There is no such process.');
  }
}
