import { Inject, Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Layers } from '../../data-sources/index.js';
import { Database, WorkSessions } from '../../database/index.js';
import type {
  Attempt,
  AttemptRef,
  ExecutionTier,
  OutputPayload,
  Payload,
  RunMessage,
  Standing,
  Started,
  SubmittedAttempt,
  TierCapacity,
  TierHealth,
} from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import { readLayerHref } from '../../shared/layer-reference.js';
import { Backends } from './backends.js';
import { OutcomeMaker } from './outcome-maker.js';
import { limitsOf, type OfferTable, ProcedureCall, settingsOf } from './procedure-call.js';
import { Procedures } from './procedures.js';
import { type PreparedRequest, RequestForms } from './request-forms.js';
import { applicationNameOf, RunningAttempt } from './running-attempt.js';
import { Slots } from './slots.js';

const NO_POSTGIS = 'Tier 2 (PostGIS) is unavailable: the database has no PostGIS.';

/** Tier 2: the work is done by procedures in the database; an attempt is finished when start returns. */
@Injectable()
export class PostgisTier implements ExecutionTier {
  readonly name = 'postgis' as const;
  private readonly slots: Slots;
  private readonly running = new Map<string, RunningAttempt>();

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly sessions: WorkSessions,
    private readonly procedures: Procedures,
    private readonly forms: RequestForms,
    private readonly backends: Backends,
    private readonly outcomes: OutcomeMaker,
    private readonly artifacts: ArtifactStore,
    private readonly layers: Layers,
  ) {
    const { poolSize, maxPerTenant, maxQueue } = config.tier2;
    this.slots = new Slots({ slots: poolSize, perTenant: maxPerTenant, maxQueue });
  }

  supports(
    processId: string,
    handler: Record<string, unknown> | undefined,
  ): { ok: true } | { ok: false; reason: string } {
    if (!this.database.postgis) return { ok: false, reason: NO_POSTGIS };
    const found = this.procedures.find(processId, handler);
    return found.ok ? { ok: true } : found;
  }

  async start(attempt: Attempt): Promise<Started> {
    const startedAt = performance.now();
    // It was read in a thread that waits to compute; here another reads it again, for the database.
    attempt.inspected?.release();
    const running = new RunningAttempt(attempt);
    this.running.set(running.applicationName, running);
    const disown = this.backends.claim(running.applicationName);
    const timer = setTimeout(() => void this.stop(running, 'timeout'), attempt.limits.timeoutMs);
    const call = this.callFor(attempt, running);
    let leave: (() => void) | undefined;
    try {
      leave = await this.slots.take(attempt.tenant, running.signal);
      const outputs = await this.compute(attempt, running, call);
      return this.outcomes.succeeded(outputs, call.messages, usageSince(startedAt));
    } catch (error) {
      const { stopping } = running;
      const { messages } = call;
      return this.outcomes.ofBroken({ error, stopping, messages, usage: usageSince(startedAt) });
    } finally {
      clearTimeout(timer);
      leave?.();
      disown();
      this.running.delete(running.applicationName);
      running.leave();
    }
  }

  async cancel(attempt: AttemptRef): Promise<void> {
    const running = this.running.get(applicationNameOf(attempt));
    if (running) await this.stop(running, 'cancelled');
  }

  async inspect(attempts: SubmittedAttempt[]): Promise<Standing[]> {
    return attempts.map(() => ({ kind: 'unknown' }));
  }

  capacity(): TierCapacity {
    return { slots: this.config.tier2.poolSize, free: this.slots.free };
  }

  /** Also learns what procedures there are now. */
  async health(): Promise<TierHealth> {
    if (!this.database.postgis) return { healthy: false, detail: NO_POSTGIS };
    await this.procedures.refresh();
    return { healthy: true };
  }

  private async stop(running: RunningAttempt, reason: 'cancelled' | 'timeout'): Promise<void> {
    running.stop(reason);
    await this.backends.cancel(running.applicationName, running.gone);
  }

  private callFor(
    { definition, tenant }: Attempt,
    { applicationName, signal }: RunningAttempt,
  ): ProcedureCall {
    const limits = limitsOf(this.config.tier2, definition.resourceClass);
    const offer: OfferTable = async (session, href, { name, policy }) => {
      const { id, selection } = readLayerHref(href)!;
      const { placed } = this.layers.get(tenant, id).source;
      if (!placed) throw new AppError('unavailable', 'layer-moved', `Layer '${id}' is not in this database.`);
      await placed.offer(session, selection, { input: name, policy });
    };
    return new ProcedureCall(this.sessions, settingsOf(applicationName, limits), signal, offer);
  }

  private async compute(
    attempt: Attempt,
    { signal }: RunningAttempt,
    call: ProcedureCall,
  ): Promise<OutputPayload[]> {
    signal.throwIfAborted();
    const { definition, limits } = attempt;
    const procedure = this.procedures.find(definition.id, definition.handlers.postgis);
    if (!procedure.ok) throw new AppError('unavailable', 'no-procedure', procedure.reason);
    const request = await this.forms.prepare(attempt, signal);
    const isStyled =
      request.output.outputCrs !== undefined || request.output.coordinatePrecision !== undefined;
    const [id] = Object.keys(definition.outputs) as [string];
    const name = isStyled ? 'computed/features.json' : `${id}.json`;
    const computed = await call.run(procedure.name, request, limits.maxOutputFeatures, (pieces) =>
      this.outcomes.keep(attempt, name, pieces),
    );
    signal.throwIfAborted();
    const payload = isStyled
      ? await this.styled(attempt, { id, request, computed, messages: call.messages, signal })
      : computed;
    const wanted = Object.keys(request.options.outputs ?? {});
    if (wanted.length > 0 && !wanted.includes(id)) return [];
    return [{ id, mediaType: 'application/geo+json', payload, features: call.features }];
  }

  private async styled(
    attempt: Attempt,
    made: {
      id: string;
      request: PreparedRequest;
      computed: Payload;
      messages: RunMessage[];
      signal: AbortSignal;
    },
  ): Promise<Payload> {
    const { id, request, computed, messages, signal } = made;
    const { bytes, messages: told } = await this.forms.style(computed, request, attempt.limits, signal);
    messages.push(...told);
    if (computed.kind === 'artifact')
      await this.artifacts.deletePrefix(`runs/${attempt.runId}/${attempt.attempt}/computed/`);
    return this.outcomes.keep(attempt, `${id}.json`, inPieces(bytes));
  }
}

/** What the database's processors did is not told: they may have worked all the time. */
function usageSince(startedAt: number): { wallMs: number; cpuMs: number } {
  const wallMs = Math.round(performance.now() - startedAt);
  return { wallMs, cpuMs: wallMs };
}

const PIECE = 1024 ** 2;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield Buffer.from(bytes.subarray(at, at + PIECE));
}
