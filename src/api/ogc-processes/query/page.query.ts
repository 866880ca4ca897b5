import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Min } from 'class-validator';
import { toWhole } from './validated-query.js';

export const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 10;

export class FormatQuery {
  @ApiPropertyOptional({ enum: ['json'], description: 'The form of the answer; wins over Accept.' })
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
