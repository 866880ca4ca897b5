import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import type { LayerReading } from '../../../data-sources/index.js';
import { AppError, type Fault } from '../../../shared/app-error.js';
import { readLayerReference } from '../../../shared/layer-reference.js';
import { MAX_LIMIT } from '../query/page.query.js';
import { toList, toWhole } from '../query/validated-query.js';

const DEFAULT_LIMIT = 100;
const LONGEST_FILTER = 10_000;

export class ItemsQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @IsInt()
  @Min(1)
  @Transform((raw) => {
    const limit = toWhole(raw);
    return limit === undefined ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
  })
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({
    type: String,
    description: 'West, south, east, north in longitude and latitude',
    example: '5,45,11,48',
  })
  @IsOptional()
  @Transform(toList)
  @IsString({ each: true })
  bbox?: string[];

  @ApiPropertyOptional({ type: String, description: 'The attributes that are wanted', example: 'name,state' })
  @IsOptional()
  @Transform(toList)
  @IsString({ each: true })
  fields?: string[];

  @ApiPropertyOptional({
    type: String,
    description: 'Conditions, as in a layer reference',
    example: '{"state":"08"}',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_FILTER)
  filter?: string;
}

/** Throws AppError `invalid-input` with the parameter that is wrong. */
export function layerReading({ limit, bbox, fields, filter }: ItemsQuery): LayerReading {
  const read = readLayerReference({
    layerReference: '',
    ...(bbox && { bbox: bbox.map((side) => (side === '' ? Number.NaN : Number(side))) }),
    ...(fields && { fields }),
    ...(filter !== undefined && { filter: parsed(filter) }),
  });
  if (Array.isArray(read)) throw wrong(read);
  return { ...read.selection, limit, asLonLat: true };
}

export const wrong = (faults: Fault[]): AppError =>
  new AppError('invalid-input', 'invalid-query', 'A query parameter is not valid.', {
    faults: faults.map(({ path, message }) => ({ path: `?${path.slice(1)}`, message })),
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong([{ path: '/filter', message: 'is not JSON' }]);
  }
}
