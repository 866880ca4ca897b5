import { AppError } from '../../shared/app-error.js';

interface Waiter {
  tenant: string;
  take(): void;
}

/**
 * Who may use a connection now. A tenant that has its share waits, and others go first; who comes when too many wait is
 * refused.
 */
export class Slots {
  private readonly used = new Map<string, number>();
  private waiting: Waiter[] = [];
  private inUse = 0;

  constructor(private readonly limits: { slots: number; perTenant: number; maxQueue: number }) {}

  get free(): number {
    return Math.max(0, this.limits.slots - this.inUse - this.waiting.length);
  }

  /**
   * Resolves to the way to give the slot back, or to undefined when aborted while waiting. Throws AppError `unavailable`
   * where too many wait.
   */
  take(tenant: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.mayGo(tenant)) return Promise.resolve(this.occupy(tenant));
    if (this.waiting.length >= this.limits.maxQueue)
      throw new AppError('unavailable', 'postgis-busy', 'All connections of the PostGIS tier are busy.');
    return new Promise((resolve) => {
      const leave = (): void => {
        this.waiting = this.waiting.filter((one) => one !== waiter);
        resolve(undefined);
      };
      const waiter: Waiter = {
        tenant,
        take: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.occupy(tenant));
        },
      };
      this.waiting.push(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  private mayGo(tenant: string): boolean {
    return this.inUse < this.limits.slots && (this.used.get(tenant) ?? 0) < this.limits.perTenant;
  }

  private occupy(tenant: string): () => void {
    this.inUse += 1;
    this.used.set(tenant, (this.used.get(tenant) ?? 0) + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.leave(tenant);
    };
  }

  private leave(tenant: string): void {
    this.inUse -= 1;
    const left = this.used.get(tenant)! - 1;
    if (left > 0) this.used.set(tenant, left);
    else this.used.delete(tenant);
    const next = this.waiting.find((one) => this.mayGo(one.tenant));
    if (!next) return;
    this.waiting = this.waiting.filter((one) => one !== next);
    next.take();
  }
}
