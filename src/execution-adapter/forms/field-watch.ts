import { partNames } from './multipart.js';
import type { FormType } from './form-type.js';
import { decodeEscapes } from './urlencoded.js';

const LONGEST_NAME = 256;
const LONGEST_VALUE = 16_384;
/** Nobody looks beyond them: the reader of the whole form refuses more. */
const MOST_FIELDS = 1_000;
const [AMPERSAND, EQUALS] = [0x26, 0x3d];

/**
 * Reads small fields of a form as its bytes go by, without looking into the others: what a caller must know before the
 * body is read elsewhere. Names are lower-cased; the last of repeated fields counts.
 */
export interface FieldWatch {
  see(chunk: Buffer): void;
  end(): ReadonlyMap<string, string>;
}

export function watchFields(type: FormType, wanted: ReadonlySet<string>): FieldWatch {
  if (type.kind === 'urlencoded') return new UrlencodedWatch(wanted);
  if (type.kind === 'multipart') return new MultipartWatch(type.boundary, wanted);
  return { see: () => {}, end: () => new Map() };
}

/** Bytes kept up to a length; what is longer is of no interest. */
class Kept {
  private pieces: Buffer[] = [];
  length = 0;

  constructor(private readonly longest: number) {}

  add(piece: Buffer): void {
    if (this.length <= this.longest) this.pieces.push(Buffer.from(piece));
    this.length += piece.length;
  }

  take(): Buffer | undefined {
    const whole = this.length <= this.longest ? Buffer.concat(this.pieces) : undefined;
    this.pieces = [];
    this.length = 0;
    return whole;
  }
}

class UrlencodedWatch implements FieldWatch {
  private readonly found = new Map<string, string>();
  private readonly name = new Kept(LONGEST_NAME);
  private readonly value = new Kept(LONGEST_VALUE);
  /** Undefined while a name is read, null in the value of a field that nobody wants. */
  private field: string | null | undefined;
  private passed = 0;

  constructor(private readonly wanted: ReadonlySet<string>) {}

  see(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.passed <= MOST_FIELDS;) {
      const ampersand = chunk.indexOf(AMPERSAND, at);
      const rest = chunk.subarray(at, ampersand < 0 ? chunk.length : ampersand);
      // Only as far as the field goes: each byte is looked at a few times, however the body is made.
      const equals = this.field === undefined ? rest.indexOf(EQUALS) : -1;
      if (equals >= 0) {
        this.name.add(rest.subarray(0, equals));
        this.beginValue();
        at += equals + 1;
        continue;
      }
      if (this.field === undefined) this.name.add(rest);
      else if (this.field !== null) this.value.add(rest);
      if (ampersand < 0) return;
      this.endField();
      at = ampersand + 1;
    }
  }

  end(): ReadonlyMap<string, string> {
    this.endField();
    return this.found;
  }

  private beginValue(): void {
    const name = this.name.take();
    const text = name && decodeEscapes(name).toString('utf8').toLowerCase();
    this.field = text !== undefined && this.wanted.has(text) ? text : null;
  }

  private endField(): void {
    const value = this.value.take();
    if (typeof this.field === 'string' && value)
      this.found.set(this.field, decodeEscapes(value).toString('utf8'));
    this.name.take();
    this.field = undefined;
    this.passed++;
  }
}

class MultipartWatch implements FieldWatch {
  private readonly found = new Map<string, string>();
  private readonly mark: Buffer;
  private rest = Buffer.from('\r\n');
  private part: Kept | null = null;
  private passed = 0;

  constructor(
    boundary: string,
    private readonly wanted: ReadonlySet<string>,
  ) {
    this.mark = Buffer.from(`\r\n--${boundary}`);
  }

  see(chunk: Buffer): void {
    if (this.passed > MOST_FIELDS) return;
    let bytes = Buffer.concat([this.rest, chunk]);
    for (let at = bytes.indexOf(this.mark); at >= 0; at = bytes.indexOf(this.mark)) {
      this.part?.add(bytes.subarray(0, at));
      this.endPart();
      if (++this.passed > MOST_FIELDS) return;
      this.part = new Kept(LONGEST_NAME * 4 + LONGEST_VALUE);
      bytes = bytes.subarray(at + this.mark.length);
    }
    // A mark may be cut by the end of the chunk.
    const sure = Math.max(0, bytes.length - this.mark.length);
    this.part?.add(bytes.subarray(0, sure));
    this.rest = Buffer.from(bytes.subarray(sure));
  }

  end(): ReadonlyMap<string, string> {
    this.part = null;
    return this.found;
  }

  private endPart(): void {
    const part = this.part?.take();
    const headEnd = part?.indexOf('\r\n\r\n') ?? -1;
    if (!part || headEnd < 0) return;
    const { name, filename } = partNames(part.subarray(0, headEnd).toString('utf8'));
    const key = name?.toLowerCase();
    if (key !== undefined && filename === undefined && this.wanted.has(key))
      this.found.set(key, part.subarray(headEnd + 4).toString('utf8'));
  }
}
