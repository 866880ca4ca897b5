const MOST_ADDRESSES = 50_000;

/** How often somebody at an address was refused lately, in this process. */
export class FailedAttempts {
  private readonly seen = new Map<string, { count: number; until: number }>();

  constructor(
    private readonly limit: { max: number; perMs: number },
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(address: string): void {
    const entry = this.current(address);
    if (entry) entry.count++;
    else {
      if (this.seen.size >= MOST_ADDRESSES) this.seen.clear();
      this.seen.set(address, { count: 1, until: this.now() + this.limit.perMs });
    }
  }

  /** Seconds until the address may try again; undefined if it may now. */
  waitFor(address: string): number | undefined {
    const entry = this.current(address);
    return entry && entry.count >= this.limit.max ? (entry.until - this.now()) / 1_000 : undefined;
  }

  private current(address: string): { count: number; until: number } | undefined {
    const entry = this.seen.get(address);
    if (!entry || entry.until > this.now()) return entry;
    this.seen.delete(address);
    return undefined;
  }
}
