import { AppError } from '../../shared/app-error.js';

const FIRST = 64 * 1024;

/** Text written piece by piece into bytes that can be handed to another thread. Refuses to outgrow its limit. */
export class GrowingBuffer {
  private bytes = Buffer.allocUnsafeSlow(FIRST);
  private length = 0;

  constructor(private readonly maxBytes: number) {}

  /** Text known to be ASCII, such as geometry: one byte a character. */
  ascii(text: string): void {
    this.ensure(text.length);
    this.length += this.bytes.write(text, this.length, 'latin1');
  }

  utf8(text: string): void {
    this.ensure(text.length * 3);
    this.length += this.bytes.write(text, this.length, 'utf8');
  }

  /** Exactly the written bytes, in an ArrayBuffer of their own. */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.length > this.maxBytes) throw this.tooLarge();
    return new Uint8Array(this.bytes.buffer.slice(0, this.length));
  }

  private ensure(more: number): void {
    if (this.length > this.maxBytes) throw this.tooLarge();
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  private tooLarge(): AppError {
    return new AppError('too-large', 'result-too-large', `The result is larger than ${this.maxBytes} bytes.`);
  }
}
