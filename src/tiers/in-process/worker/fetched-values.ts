import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { ReferenceFile } from '../../../execution/index.js';
import { type Reference, ReferencesWanted } from '../../../execution/worker.js';
import {
  FileValue,
  type InputDefinition,
  type ProcessDefinition,
  type RawInput,
  type RawValue,
} from '../../../registry/worker.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import { parsedSize, parseJson, SHARE } from './parse-json.js';
import { readCsv } from './read-csv.js';
import { TableReference } from './table-reference.js';

const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/i;
const OCTETS = 'application/octet-stream';
/** Types that JSON stands for where text was sent. */
const NUMBERS: InputDefinition['type'][] = [
  'number',
  'integer',
  'length',
  'area',
  'boolean',
  'bbox',
  'table',
];

/**
 * Values that a request sent as bytes, or named, to what they would be inline. Throws ReferencesWanted with all that are
 * not there yet, AppError `invalid-input` for bytes that are no such value, `too-large` where they do not fit into memory.
 */
export class FetchedValues {
  private readonly missing: Reference[] = [];
  private heapLeft: number;

  constructor(
    private readonly definition: ProcessDefinition,
    private readonly files: ReferenceFile[],
    heapBytes: number,
  ) {
    this.heapLeft = heapBytes;
  }

  fill(inputs: RawInput[]): RawInput[] {
    const filled = inputs.map((input) => ({
      ...input,
      values: input.values.map((value) => this.read(value, this.typeOf(input.name))),
    }));
    if (this.missing.length > 0) throw new ReferencesWanted(this.missing);
    return filled;
  }

  private typeOf(name: string): InputDefinition['type'] | undefined {
    return Object.entries(this.definition.inputs).find(
      ([key, { aliases }]) => key === name || aliases.includes(name),
    )?.[1].type;
  }

  private read(raw: RawValue, type: InputDefinition['type'] | undefined): RawValue {
    const { href, bytes, mediaType, path } = raw;
    if (href === undefined && bytes === undefined) return raw;
    if (type === 'file') return { path, value: this.fileOf(raw) };
    if (bytes) return { path, mediaType, value: this.valueOf(bytes, mediaType ?? '', type, path) };
    const file = this.find(raw, type);
    if (!file) return raw;
    if (file.layer?.inPlace) return { path, value: new TableReference(file.href, file.layer.inPlace) };
    const value = this.valueOf(readFileSync(file.path), mediaType ?? file.mediaType, type, path);
    return { path, mediaType: mediaType ?? file.mediaType, value: raw.read ? raw.read(value) : value };
  }

  /** Unread; undefined where it is not here yet. */
  private fileOf(raw: RawValue): FileValue | undefined {
    const { bytes, mediaType } = raw;
    if (bytes) return new FileValue(mediaType ?? OCTETS, { bytes });
    const file = this.find(raw, 'file');
    return file && new FileValue(mediaType ?? file.mediaType, { href: file.href });
  }

  /** What was fetched for a value; what was not is noted as missing. */
  private find(
    { href, path, mediaType }: RawValue,
    type: InputDefinition['type'] | undefined,
  ): ReferenceFile | undefined {
    const file = this.files.find((fetched) => fetched.href === href);
    if (!file)
      this.missing.push({
        href: href!,
        path,
        ...(mediaType && { mediaType }),
        ...(type === 'features' && { isFeatures: true }),
        ...(type === 'file' && { isFile: true }),
      });
    return file;
  }

  /** JSON where it says so, or where text cannot be meant; else the text itself. */
  private valueOf(
    bytes: Buffer,
    mediaType: string,
    type: InputDefinition['type'] | undefined,
    path: string,
  ): unknown {
    if (!isUtf8(bytes)) throw notA(path, 'text in UTF-8');
    const isObject = /^\uFEFF?\s*[{[]/.test(bytes.toString('utf8', 0, 64));
    if (type === 'table' && !isObject) return readCsv(bytes.toString('utf8'), path);
    if (JSON_TYPE.test(mediaType) || (type && NUMBERS.includes(type)) || (type === 'features' && isObject))
      return this.json(bytes, path);
    return bytes.toString('utf8').trim();
  }

  private json(bytes: Buffer, path: string): unknown {
    try {
      const value = parseJson(bytes, this.heapLeft);
      this.heapLeft -= parsedSize(bytes) / SHARE;
      return value;
    } catch (error) {
      if (error instanceof AppError && error.kind === 'invalid-input') throw notA(path, 'JSON');
      throw error;
    }
  }
}

const notA = (path: string, what: string): AppError =>
  invalidInput(`${path}: what it names is not ${what}.`, [{ path, message: `what it names is not ${what}` }]);
