import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Min, ValidateBy } from 'class-validator';
import type { RunFilter } from '../../../control-plane/index.js';
import { isUuidV7 } from '../../../shared/uuid-v7.js';
import { JOB_STATUSES, type JobStatus } from '../status-info.js';
import { parseInterval } from './datetime-interval.js';
import { PageQuery } from './page.query.js';
import { toList, toWhole } from './validated-query.js';

const IsInterval = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInterval',
    validator: {
      validate: (value) => typeof value === 'string' && parseInterval(value) !== undefined,
      defaultMessage: () => 'an RFC 3339 date-time, or an interval of two with / between',
    },
  });

const IsCursor = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCursor',
    validator: {
      validate: (value) => typeof value === 'string' && cursorId(value) !== undefined,
      defaultMessage: () => 'take it from a next link',
    },
  });

/** The cursor of a page is opaque to clients: the id of the last run before it. */
export const cursorOf = (id: string): string =>
  Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

function cursorId(cursor: string): string | undefined {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isUuidV7(id) ? id : undefined;
}

/** The job list's parameters (clause 12 of the standard). */
export class JobsQuery extends PageQuery {
  @ApiPropertyOptional({
    type: [String],
    enum: ['process'],
    isArray: true,
    style: 'form',
    explode: false,
  } as object)
  @IsOptional()
  @Transform(toList)
  @IsIn(['process'], { each: true })
  type?: 'process'[];

  @ApiPropertyOptional({
    type: [String],
    style: 'form',
    explode: false,
    description: 'Only jobs of these processes.',
  } as object)
  @IsOptional()
  @Transform(toList)
  @Matches(/^[\w.-]{1,200}$/, { each: true, message: 'process identifiers, separated by commas' })
  processID?: string[];

  @ApiPropertyOptional({ enum: JOB_STATUSES, isArray: true, style: 'form', explode: false } as object)
  @IsOptional()
  @Transform(toList)
  @IsIn(JOB_STATUSES, { each: true })
  status?: JobStatus[];

  @ApiPropertyOptional({
    type: String,
    description:
      'Only jobs created then: `2026-01-31T10:00:00Z`, or an interval `start/end` with `..` for an open end.',
  })
  @IsOptional()
  @IsInterval()
  datetime?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Seconds of work, at least.' })
  @IsOptional()
  @Transform(toWhole)
  @IsInt()
  @Min(0)
  minDuration?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Seconds of work, at most.' })
  @IsOptional()
  @Transform(toWhole)
  @IsInt()
  @Min(0)
  maxDuration?: number;

  @ApiPropertyOptional({ type: String, description: 'Where the page begins; taken from a `next` link.' })
  @IsOptional()
  @IsCursor()
  cursor?: string;
}

const STATES: Record<JobStatus, NonNullable<RunFilter['states']>> = {
  accepted: ['queued'],
  running: ['running'],
  successful: ['succeeded'],
  failed: ['failed'],
  dismissed: ['cancelled', 'cancelling'],
};

/** With a duration and no status, jobs not yet started are not considered (/req/job-list/status-response). */
const STARTED: JobStatus[] = ['running', 'successful', 'failed', 'dismissed'];

export function runFilter(query: JobsQuery): RunFilter {
  const { processID, datetime, minDuration, maxDuration, limit, cursor } = query;
  const timed = minDuration !== undefined || maxDuration !== undefined;
  const statuses = query.status ?? (timed ? STARTED : undefined);
  const { from, to } = (datetime && parseInterval(datetime)) || {};
  return {
    ...(processID && { processIds: processID }),
    ...(statuses && { states: statuses.flatMap((status) => STATES[status]) }),
    ...(from && { submittedFrom: from }),
    ...(to && { submittedTo: to }),
    ...(minDuration !== undefined && { minDurationSeconds: minDuration }),
    ...(maxDuration !== undefined && { maxDurationSeconds: maxDuration }),
    limit,
    ...(cursor && { after: cursorId(cursor)! }),
  };
}
