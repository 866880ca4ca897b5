import { z } from 'zod';
import { RUN_STATES, type RunFilter } from '../../../control-plane/index.js';
import { isUuidV7 } from '../../../shared/uuid-v7.js';

/** Run queries default to it (CONTRACTS). */
const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1_000;

const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    [value]
      .flat()
      .flatMap((part) => part.split(','))
      .map((part) => part.trim()),
  )
  .pipe(z.array(z.string().max(200)))
  .transform((parts) => (parts.some(Boolean) ? parts.filter(Boolean) : undefined))
  .optional();
const seconds = z.coerce.number().nonnegative().optional();
const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional();

/** The filters of `GET /admin/runs`; lists are parted by commas. Unknown parameters are faults. */
export const runsQuery = z.strictObject({
  tenant: texts,
  user: texts,
  process: texts,
  state: texts.pipe(z.array(z.enum([...RUN_STATES, 'cancelling'])).optional()),
  tier: texts,
  resourceClass: texts,
  surface: texts,
  mode: texts,
  submittedFrom: instant,
  submittedTo: instant,
  minDuration: seconds,
  maxDuration: seconds,
  f: z.enum(['json', 'html']).optional(),
  limit: z.coerce.number().int().min(1).max(LARGEST_LIMIT).default(DEFAULT_LIMIT),
  after: z.string().refine(isUuidV7, 'take it from `next` of the page before').optional(),
});

export const runFilter = (query: z.infer<typeof runsQuery>): RunFilter => ({
  tenants: query.tenant,
  users: query.user,
  processIds: query.process,
  states: query.state,
  tiers: query.tier,
  resourceClasses: query.resourceClass,
  surfaces: query.surface,
  modes: query.mode,
  submittedFrom: query.submittedFrom,
  submittedTo: query.submittedTo,
  minDurationSeconds: query.minDuration,
  maxDurationSeconds: query.maxDuration,
  limit: query.limit,
  after: query.after,
});
