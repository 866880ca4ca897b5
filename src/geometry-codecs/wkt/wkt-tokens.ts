/** What is wrong with a well-known text, with its place. */
export class WktFault extends Error {}

const TOKEN = /\s*([(),]|[A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y;

/** The tokens of a well-known text, one ahead. */
export class WktTokens {
  private next: string | undefined;
  private start = 0;
  private offset = 0;

  constructor(private readonly text: string) {
    this.advance();
  }

  peek(): string | undefined {
    return this.next;
  }

  word(): string {
    if (this.next === undefined || !/^[A-Za-z]/.test(this.next)) this.fail('a type of geometry is expected');
    return this.take();
  }

  /** Takes one of these words if it comes next. */
  option(words: string[]): string | undefined {
    const found = words.find((word) => word === this.next?.toUpperCase());
    if (found) this.advance();
    return found;
  }

  expect(mark: string): void {
    if (this.next !== mark) this.fail(`"${mark}" is expected`);
    this.advance();
  }

  startsNumber(): boolean {
    return this.next !== undefined && /^[-+.\d]/.test(this.next);
  }

  number(): number {
    if (!this.startsNumber()) this.fail('a number is expected');
    return Number(this.take());
  }

  end(): void {
    if (this.next !== undefined || this.text.slice(this.offset).trim() !== '')
      this.fail('nothing more is expected');
  }

  fail(message: string): never {
    throw new WktFault(`the WKT is wrong at character ${this.start + 1}: ${message}`);
  }

  private take(): string {
    const token = this.next!;
    this.advance();
    return token;
  }

  private advance(): void {
    TOKEN.lastIndex = this.offset;
    const match = TOKEN.exec(this.text);
    this.next = match?.[1];
    this.start = match ? TOKEN.lastIndex - match[1]!.length : this.offset;
    this.offset = match ? TOKEN.lastIndex : this.offset;
  }
}
