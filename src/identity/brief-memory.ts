/** Longer than this nothing is believed, whether anybody said that it changed or not. */
const LIFETIME_MS = 1_500;
const MOST = 20_000;

/** What was looked up a moment ago, so that a busy caller costs one look at the database and not thousands. */
export class BriefMemory<Value> {
  private readonly known = new Map<string, { value: Promise<Value | undefined>; until: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What `find` gives; what is not there, or could not be asked, is asked for anew each time. */
  get(key: string, find: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const known = this.known.get(key);
    if (known && known.until > this.now()) return known.value;
    if (this.known.size >= MOST) this.known.clear();
    const value = find();
    const entry = { value, until: this.now() + LIFETIME_MS };
    this.known.set(key, entry);
    const forget = (): void => {
      if (this.known.get(key) === entry) this.known.delete(key);
    };
    value.then((found) => found === undefined && forget(), forget);
    return value;
  }

  /** Something changed. What is being looked up at this moment is forgotten with the rest. */
  clear(): void {
    this.known.clear();
  }
}
