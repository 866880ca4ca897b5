import { type PolicyOverride, policyOverrideSchema } from '../../../control-plane/index.js';
import { bodySchema } from '../json-body.js';
import { type Stamp, withStamp } from '../rule-info.js';

export type PolicyInfo = Stamp & { process: string; policy: PolicyOverride };

export const POLICY = withStamp({
  process: { type: 'string', example: 'buffer' },
  policy: bodySchema(policyOverrideSchema),
});
