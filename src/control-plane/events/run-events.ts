import type { ProcessRun } from '../run/process-run.entity.js';

/** What happened to a run, told after its commit and within this process; losing one loses nothing. */
export class RunAccepted {
  constructor(readonly run: ProcessRun) {}
}
export class RunStarted {
  constructor(readonly run: ProcessRun) {}
}
export class RunSucceeded {
  constructor(readonly run: ProcessRun) {}
}
export class RunFailed {
  constructor(readonly run: ProcessRun) {}
}
export class RunCancelled {
  constructor(readonly run: ProcessRun) {}
}
