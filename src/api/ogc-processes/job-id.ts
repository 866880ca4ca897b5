import { Injectable, type PipeTransform } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';

/** A jobID of the path; what cannot be one was never a job. */
@Injectable()
export class JobId implements PipeTransform<string, string> {
  transform(text: string): string {
    if (!isUuidV7(text)) throw new AppError('not-found', 'run-not-found', 'There is no such job.');
    return text.toLowerCase();
  }
}
