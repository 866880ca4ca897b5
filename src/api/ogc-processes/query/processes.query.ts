import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Min } from 'class-validator';
import { PageQuery } from './page.query.js';
import { toWhole } from './validated-query.js';

export class ProcessesQuery extends PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'How many to leave out before the page.',
  })
  @IsInt()
  @Min(0)
  @Transform((raw) => toWhole(raw) ?? 0)
  offset: number = 0;
}
