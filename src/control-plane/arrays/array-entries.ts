import { Injectable } from '@nestjs/common';
import type { FetchedReference, InputLimits, RequestOptions, RunInput } from '../../execution/index.js';
import { OutboundHttp } from '../../outbound-http/index.js';
import type { CatalogEntry } from '../../registry/index.js';
import { AppError } from '../../shared/app-error.js';
import type { AdmissionDecision } from '../admission/admission-decision.js';
import { checkDeadline } from '../admission/check-deadline.js';
import { decideAdmission, type AdmissionFacts } from '../admission/decide-admission.js';
import { localityOf } from '../admission/locality.js';
import { ReadInput, type Sent } from '../admission/read-input.js';
import { TierSelector } from '../admission/tier-selector.js';
import { checkSubscriber } from '../callbacks/check-subscriber.js';
import { ReferenceFetcher } from '../references/reference-fetcher.js';
import { ArraySplitter, type SplitArray } from './split-array.js';

/** One entry as the run that it would be. */
export interface ArrayEntry {
  label?: string;
  input: RunInput;
  request: RequestOptions;
  decision: AdmissionDecision;
}

export interface ReadArray extends Pick<SplitArray, 'maxFailures' | 'subscriber'> {
  entries: ArrayEntry[];
}

/** Each waits for a thread most of its time; more at once would only fill the queue of the threads. */
const READ_AT_ONCE = 8;

/** Reads every entry of an array as the request that it is. */
@Injectable()
export class ArrayEntries {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly splitter: ArraySplitter,
    private readonly reading: ReadInput,
    private readonly references: ReferenceFetcher,
    private readonly selector: TierSelector,
    private readonly outbound: OutboundHttp,
  ) {}

  /** Throws AppError for the first entry that is not valid, by its place; then nothing of any is kept. */
  async read(
    sent: Sent & InputLimits,
    { definition }: CatalogEntry,
    facts: AdmissionFacts,
  ): Promise<ReadArray> {
    const {
      entries: parts,
      maxFailures,
      subscriber,
      mediaType,
    } = await this.splitter.split(sent.input, sent.signal);
    checkSubscriber(subscriber, this.outbound);
    const shared = new Map<string, Promise<FetchedReference>>();
    const { surface } = sent.input;
    const entries: ArrayEntry[] = [];
    try {
      for (let at = 0; at < parts.length; at += READ_AT_ONCE) {
        const some = parts
          .slice(at, at + READ_AT_ONCE)
          .map(async ({ label, body }, n): Promise<ArrayEntry> => {
            const payload = await this.splitter.keep(body);
            const part = { ...sent, shared, input: { surface, mediaType, payload } };
            const queued = { tenant: facts.queued.tenant + at + n, total: facts.queued.total + at + n };
            try {
              return { label, ...(await this.one(part, definition, { ...facts, queued })) };
            } catch (error) {
              await this.splitter.forget(payload);
              throw placed(error, at + n);
            }
          });
        const read = await Promise.allSettled(some);
        for (const one of read) if (one.status === 'fulfilled') entries.push(one.value);
        for (const one of read) if (one.status === 'rejected') throw one.reason;
      }
      return { entries, maxFailures, subscriber };
    } catch (error) {
      await this.forget(entries);
      throw error;
    }
  }

  /** Deletes what no run took over. */
  async forget(entries: ArrayEntry[]): Promise<void> {
    for (const { input } of entries) {
      await this.references.forget(input.references);
      await this.splitter.forget(input.payload);
    }
  }

  private async one(
    sent: Sent & InputLimits,
    definition: CatalogEntry['definition'],
    facts: AdmissionFacts,
  ): Promise<Omit<ArrayEntry, 'label'>> {
    const { maxFeatures, maxVertices } = sent; // and nothing else goes to a thread
    const { input, inspected } = await this.reading.read(sent, definition, { maxFeatures, maxVertices });
    const { request, summary } = inspected;
    inspected.release();
    try {
      checkDeadline(request.execution?.deadline);
      const locality = localityOf(definition, input.references);
      const { priority } = request.execution ?? {};
      const known: AdmissionFacts = { ...facts, wanted: 'async', priority, locality, summary };
      return { input, request, decision: decideAdmission(known, this.selector) };
    } catch (error) {
      await this.references.forget(input.references);
      throw error;
    }
  }
}

/** What is wrong with an entry, told of the request that it came in. */
function placed(error: unknown, index: number): unknown {
  if (!(error instanceof AppError)) return error;
  const { kind, code, message, faults } = error;
  const at = `/array/${index}`;
  return new AppError(kind, code, `${at}: ${message}`, {
    faults: faults.map((fault) => ({ ...fault, path: at + fault.path })),
  });
}
