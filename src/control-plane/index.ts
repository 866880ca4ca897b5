export type { AdmissionDecision } from './admission/admission-decision.js';
export { AdmissionGate, type Arrival, type Entry } from './admission/admission-gate.js';
export type { LedgerReport } from './auditing/verify-ledger.js';
export { RunEvent } from './auditing/run-event.entity.js';
export { type CallbackMessage, type CallbackVoice, CallbackVoices } from './callbacks/callback-voices.js';
export { DecideRun } from './commands/decide-run.js';
export { SetPolicyOverride } from './commands/set-policy-override.js';
export { SetTenantLimits } from './commands/set-tenant-limits.js';
export { CancelRun } from './commands/cancel-run.js';
export type { Submission, SubmitRequest } from './admission/submission.js';
export { SubmitRun } from './commands/submit-run.js';
export { RetryRun } from './commands/retry-run.js';
export { SwitchTier } from './commands/switch-tier.js';
export { ControlPlaneModule } from './control-plane.module.js';
export { EraseTenant } from './erasure/erase-tenant.js';
export { RunAccepted, RunCancelled, RunFailed, RunStarted, RunSucceeded } from './events/run-events.js';
export { MeteredCalls } from './metering/metered-calls.js';
export { type ChildFilter, GetArray, ListChildren } from './queries/get-array.js';
export type { ArrayCounts } from './run/array-children.js';
export { GetCallbackSecret } from './queries/get-callback-secret.js';
export { GetPolicyOverrides, GetRuleHistory, GetTenantLimits } from './queries/get-rules.js';
export { GetUsage, type UsageRow } from './queries/get-usage.js';
export { failureOf, GetResults, type RunResults } from './queries/get-results.js';
export { GetRunEvents } from './queries/get-run-events.js';
export { GetRunInput } from './queries/get-run-input.js';
export { GetRunFile } from './queries/get-run-file.js';
export { GetRunLog } from './queries/get-run-log.js';
export { GetRun } from './queries/get-run.js';
export { FindRun } from './queries/find-run.js';
export { FindRuns } from './queries/find-runs.js';
export { GetLedgerHead } from './queries/get-ledger-head.js';
export { GetTiers, type TierState } from './queries/get-tiers.js';
export { ListRuns, type RunFilter } from './queries/list-runs.js';
export { VerifyLedger } from './queries/verify-ledger.js';
export {
  EVERY_PROCESS,
  type PolicyOverride,
  policyOverrideSchema,
  type StoredRule,
} from './policy/policy-override.js';
export { type TenantLimits, tenantLimitsSchema } from './policy/tenant-limits.js';
export type { RuleHistoryEntry } from './policy/write-rule.js';
export { ProcessRun, RUN_STATES } from './run/process-run.entity.js';
export { isTerminal } from './run/run-lifecycle.js';
export { RunSignals } from './run/run-signals.js';
