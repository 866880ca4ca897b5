import { Global, Module } from '@nestjs/common';
import { AdmissionGate } from './admission/admission-gate.js';
import { BudgetWarnings } from './admission/budget-warnings.js';
import { AdmissionFactsGatherer } from './admission/gather-facts.js';
import { QueueLength } from './admission/queue-length.js';
import { ReadInput } from './admission/read-input.js';
import { RequestRate } from './admission/request-rate.js';
import { TenantSpending } from './admission/tenant-spending.js';
import { DeterministicTierSelector, TierSelector } from './admission/tier-selector.js';
import { ArrayEntries } from './arrays/array-entries.js';
import { ArraySubmission } from './arrays/array-submission.js';
import { ArraySplitter } from './arrays/split-array.js';
import { ExportedHead } from './auditing/exported-head.js';
import { LedgerKeys } from './auditing/ledger-keys.js';
import { LedgerSealer } from './auditing/ledger-sealer.js';
import { CallbackJobs } from './callbacks/callback-jobs.js';
import { CallbackSecrets } from './callbacks/callback-secrets.js';
import { CallbackVoices } from './callbacks/callback-voices.js';
import { DeliverCallback } from './callbacks/deliver-callback.js';
import { KeepHandleHandler } from './commands/keep-handle.js';
import { DecideRunHandler } from './commands/decide-run.js';
import { SetPolicyOverrideHandler } from './commands/set-policy-override.js';
import { SetTenantLimitsHandler } from './commands/set-tenant-limits.js';
import { CancelRunHandler } from './commands/cancel-run.js';
import { RecordOutcomeHandler } from './commands/record-outcome.js';
import { ReportProgressHandler } from './commands/report-progress.js';
import { SubmitRunHandler } from './commands/submit-run.js';
import { RetryRunHandler } from './commands/retry-run.js';
import { SwitchTierHandler } from './commands/switch-tier.js';
import { JobQueue } from './jobs/job-queue.js';
import { CallCounts } from './metering/call-counts.js';
import { MeteredCalls } from './metering/metered-calls.js';
import { TenantRules } from './policy/tenant-rules.js';
import { GetArrayHandler, ListChildrenHandler } from './queries/get-array.js';
import { GetCallbackSecretHandler } from './queries/get-callback-secret.js';
import {
  GetPolicyOverridesHandler,
  GetRuleHistoryHandler,
  GetTenantLimitsHandler,
} from './queries/get-rules.js';
import { GetUsageHandler } from './queries/get-usage.js';
import { GetResultsHandler } from './queries/get-results.js';
import { GetRunEventsHandler } from './queries/get-run-events.js';
import { GetRunInputHandler } from './queries/get-run-input.js';
import { FindRunHandler } from './queries/find-run.js';
import { FindRunsHandler } from './queries/find-runs.js';
import { GetLedgerHeadHandler } from './queries/get-ledger-head.js';
import { GetTiersHandler } from './queries/get-tiers.js';
import { GetRunFileHandler } from './queries/get-run-file.js';
import { GetRunLogHandler } from './queries/get-run-log.js';
import { GetRunHandler } from './queries/get-run.js';
import { ListRunsHandler } from './queries/list-runs.js';
import { VerifyLedgerHandler } from './queries/verify-ledger.js';
import { MaintenanceJobs } from './retention/maintenance-jobs.js';
import { ExpiredLogs } from './retention/expired-logs.js';
import { ExpiredBytes } from './retention/expired-bytes.js';
import { Retention } from './retention/retention.js';
import { LayerReferences } from './references/layer-references.js';
import { ReferenceFetcher } from './references/reference-fetcher.js';
import { DefinitionSnapshots } from './run/definition-snapshots.js';
import { NotifiedRunSignals } from './run/notified-run-signals.js';
import { EraseTenantHandler } from './erasure/erase-tenant.js';
import { RunAnnouncer } from './run/run-announcer.js';
import { RunArtifacts } from './run/run-artifacts.js';
import { RunSignals } from './run/run-signals.js';
import { AttemptRunner } from './scheduling/attempt-runner.js';
import { CoalescedNotify } from './scheduling/coalesced-notify.js';
import { DrainedTiers } from './scheduling/drained-tiers.js';
import { LaneWakes } from './scheduling/lane-wakes.js';
import { LeaseKeeper } from './scheduling/lease-keeper.js';
import { LiveAttempts } from './scheduling/live-attempts.js';
import { OpenArrays } from './scheduling/open-arrays.js';
import { Scheduler } from './scheduling/scheduler.js';
import { SubmittedRuns } from './scheduling/submitted-runs.js';

const useCases = [
  SubmitRunHandler,
  CancelRunHandler,
  RecordOutcomeHandler,
  KeepHandleHandler,
  ReportProgressHandler,
  GetRunHandler,
  GetRunInputHandler,
  GetRunLogHandler,
  GetRunFileHandler,
  ListRunsHandler,
  GetArrayHandler,
  ListChildrenHandler,
  GetResultsHandler,
  GetRunEventsHandler,
  GetCallbackSecretHandler,
  EraseTenantHandler,
  VerifyLedgerHandler,
  FindRunHandler,
  FindRunsHandler,
  GetLedgerHeadHandler,
  RetryRunHandler,
  SwitchTierHandler,
  GetTiersHandler,
  SetPolicyOverrideHandler,
  SetTenantLimitsHandler,
  DecideRunHandler,
  GetPolicyOverridesHandler,
  GetTenantLimitsHandler,
  GetRuleHistoryHandler,
  GetUsageHandler,
];

/** Global for RunSignals, which whoever shows a run waits on, and for what is asked without a run. */
@Global()
@Module({
  providers: [
    ...useCases,
    AdmissionFactsGatherer,
    AdmissionGate,
    BudgetWarnings,
    RequestRate,
    TenantRules,
    TenantSpending,
    { provide: TierSelector, useClass: DeterministicTierSelector },
    QueueLength,
    ReadInput,
    ArraySplitter,
    ArrayEntries,
    ArraySubmission,
    LayerReferences,
    ReferenceFetcher,
    DefinitionSnapshots,
    NotifiedRunSignals,
    { provide: RunSignals, useExisting: NotifiedRunSignals },
    RunAnnouncer,
    RunArtifacts,
    CoalescedNotify,
    DrainedTiers,
    LaneWakes,
    LiveAttempts,
    LeaseKeeper,
    AttemptRunner,
    SubmittedRuns,
    OpenArrays,
    Scheduler,
    JobQueue,
    LedgerKeys,
    ExportedHead,
    LedgerSealer,
    ExpiredBytes,
    ExpiredLogs,
    Retention,
    MaintenanceJobs,
    CallbackVoices,
    CallbackSecrets,
    DeliverCallback,
    CallbackJobs,
    CallCounts,
    MeteredCalls,
  ],
  exports: [RunSignals, CallbackVoices, AdmissionGate, MeteredCalls],
})
export class ControlPlaneModule {}
