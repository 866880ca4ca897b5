import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { ChildFilter } from '../../../control-plane/index.js';
import { MOST_ENTRIES } from '../../../execution/index.js';
import { JOB_STATUSES, type JobStatus } from '../status-info.js';
import { PageQuery } from './page.query.js';
import { toList, toWhole } from './validated-query.js';

/** Which runs of an array are wanted. */
export class ChildrenQuery extends PageQuery {
  @ApiPropertyOptional({ enum: JOB_STATUSES, isArray: true, style: 'form', explode: false } as object)
  @IsOptional()
  @Transform(toList)
  @IsIn(JOB_STATUSES, { each: true })
  status?: JobStatus[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MOST_ENTRIES,
    default: 0,
    description: 'How many to pass over.',
  })
  @IsInt()
  @Min(0)
  @Max(MOST_ENTRIES)
  @Transform((raw) => toWhole(raw) ?? 0)
  offset: number = 0;
}

const STATE: Record<JobStatus, NonNullable<ChildFilter['states']>[number]> = {
  accepted: 'queued',
  running: 'running',
  successful: 'succeeded',
  failed: 'failed',
  dismissed: 'cancelled',
};

export const childFilter = ({ status, limit, offset }: ChildrenQuery): ChildFilter => ({
  ...(status && { states: status.map((one) => STATE[one]) }),
  limit,
  offset,
});
