import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import type { ProcessDefinition } from '../../../registry/index.js';
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

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    description: 'Only processes that have every word of it in their id, title, description or keywords.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}

/** Whether every word of `q` is somewhere in what the process says of itself. */
export function isAbout({ id, title, description, keywords }: ProcessDefinition, q: string): boolean {
  const text = [id, title, description, ...keywords].join(' ').toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
