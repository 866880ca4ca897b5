/** "Batch Job State Change" events on their way, with what may happen to them there. */
import { randomUUID } from 'node:crypto';
import type { FakeJob } from './fake-job.js';
import type { FaultKnobs } from './fault-knobs.js';

export interface BatchEvent {
  version: '0';
  id: string;
  'detail-type': 'Batch Job State Change';
  source: 'aws.batch';
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: object;
}

export type EventSink = (event: BatchEvent) => Promise<unknown> | void;

export class EventDelivery {
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly timers = new Map<NodeJS.Timeout, () => void>();
  sent = 0;
  dropped = 0;

  constructor(
    private readonly sink: EventSink,
    private readonly faults: FaultKnobs,
    private readonly random: () => number,
  ) {}

  /** The job as it is now, later changes of it notwithstanding. */
  tell(job: FakeJob): void {
    const { isCancelled: _cancelled, isTerminated: _terminated, ...detail } = structuredClone(job);
    const event: BatchEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Batch Job State Change',
      source: 'aws.batch',
      account: '123456789012',
      time: `${new Date().toISOString().slice(0, 19)}Z`,
      region: 'us-east-1',
      resources: [job.jobArn],
      detail: { ...detail, tags: { resourceArn: job.jobArn, ...detail.tags } },
    };
    if (this.random() < this.faults.drop) {
      this.dropped += 1;
      return;
    }
    for (let copy = 0; copy < this.faults.copies; copy += 1) this.send(event);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** What has not come will not. */
  close(): void {
    for (const [timer, done] of this.timers) {
      clearTimeout(timer);
      done();
    }
    this.timers.clear();
  }

  private send(event: BatchEvent): void {
    const delay = this.faults.delayMs * this.random();
    const sending: Promise<unknown> = (async () => {
      if (delay > 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => {
            this.timers.delete(timer);
            resolve();
          }, delay);
          this.timers.set(timer, resolve);
        });
      await this.sink(event);
      this.sent += 1;
    })()
      .catch((error: Error) => process.stderr.write(`An event was not taken: ${error.message}\n`))
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }
}
