import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ListChildren, type ProcessRun } from '../../../control-plane/index.js';
import type { Principal } from '../../../shared/principal.js';
import type { ArrayResults } from '../documents.js';
import { jobStatus } from '../status-info.js';

/** The results of an array of runs: where those of each are. */
@Injectable()
export class ArrayResultsReader {
  constructor(private readonly queries: QueryBus) {}

  async read(principal: Principal, { id, arraySize }: ProcessRun, base: string): Promise<ArrayResults> {
    const all = { limit: arraySize!, offset: 0 };
    const { children } = await this.queries.execute(new ListChildren(principal, id, all));
    const count = (state: ProcessRun['state']): number =>
      children.filter((child) => child.state === state).length;
    return {
      children: children.map((child) => ({
        index: child.childIndex!,
        ...(child.childLabel && { label: child.childLabel }),
        jobID: child.id,
        status: jobStatus(child),
        ...(child.state === 'succeeded' && { href: `${base}/jobs/${child.id}/results` }),
      })),
      succeeded: count('succeeded'),
      failed: count('failed'),
      cancelled: count('cancelled'),
    };
  }
}
