import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Min } from 'class-validator';
import type { Request } from 'express';
import { prefersPage } from '../negotiation/form.js';
import { toWhole } from './validated-query.js';

export const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 10;

export class FormatQuery {
  @ApiPropertyOptional({ enum: ['json', 'html'], description: 'The form of the answer; wins over Accept.' })
  @IsOptional()
  @IsIn(['json', 'html'])
  f?: 'json' | 'html';
}

export class PageQuery extends FormatQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    description: `How many at most. More than ${MAX_LIMIT} counts as ${MAX_LIMIT}.`,
  })
  @IsInt()
  @Min(1)
  @Transform((raw) => {
    const limit = toWhole(raw);
    return limit === undefined ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
  })
  limit: number = DEFAULT_LIMIT;
}

/** People see more at once than the standard's default; what was asked for holds for them too. */
export const pageLimit = (request: Request, limit: number, onPage: number): number =>
  request.query.limit === undefined && prefersPage(request) ? onPage : limit;
