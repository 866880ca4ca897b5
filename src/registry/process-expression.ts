import type { BoundingBox } from './bounding-box.js';
import type { FileValue } from './file-value.js';
import type { Row, Table } from './table-value.js';

/** One input as its protocol's reader found it: the value by itself, and where it stood in the request. */
export interface RawValue {
  value: unknown;
  /** JSON pointer into the request body. */
  path: string;
  mediaType?: string;
  /** The value is elsewhere; `value` is undefined until somebody has fetched and read it. */
  href?: string;
  /** What its protocol makes of the value once it is there, where that is not the value itself. */
  read?(value: unknown): unknown;
  /** The value as bytes of `mediaType`; `value` is undefined until somebody has read them. */
  bytes?: Buffer;
}

export interface RawInput {
  /** As sent: the input's name or one of its aliases. */
  name: string;
  path: string;
  values: RawValue[];
}

export interface Length {
  value: number;
  /** Whether the request named a unit; `meters` is by the named or the declared one. */
  unitGiven: boolean;
  meters: number;
}

export interface Area {
  value: number;
  /** Whether the request named a unit; `squareMeters` is by the named or the declared one. */
  unitGiven: boolean;
  squareMeters: number;
}

export type InputValue<Features> =
  Features | Length | Area | BoundingBox | Table | FileValue | string | number | boolean;

/**
 * A request that fits its definition: aliases resolved, defaults filled in, every value checked. What the operations
 * work from. `Features` is the tier's own form of a feature collection.
 */
export class ProcessExpression<Features> {
  constructor(private readonly values: ReadonlyMap<string, InputValue<Features>[]>) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  features(name: string): Features {
    return this.required(name) as Features;
  }

  length(name: string): Length {
    return this.required(name) as Length;
  }

  /** An area that may be left out. */
  area(name: string): Area | undefined {
    return this.values.get(name)?.[0] as Area | undefined;
  }

  /** Features of an input that may be left out. */
  optionalFeatures(name: string): Features | undefined {
    return this.values.get(name)?.[0] as Features | undefined;
  }

  /** Whether a boolean was given, or defaults to, true. */
  flag(name: string): boolean {
    return this.values.get(name)?.[0] === true;
  }

  /** A text or coordinate system, if it was given or has a default. */
  text(name: string): string | undefined {
    return this.values.get(name)?.[0] as string | undefined;
  }

  boundingBox(name: string): BoundingBox | undefined {
    return this.values.get(name)?.[0] as BoundingBox | undefined;
  }

  /** A value that is no geometry and no length, whatever its type. */
  scalar(name: string): string | number | boolean | undefined {
    return this.values.get(name)?.[0] as string | number | boolean | undefined;
  }

  /** A number, or the seconds of a duration. */
  number(name: string): number | undefined {
    return this.values.get(name)?.[0] as number | undefined;
  }

  /** A date that may be left out. */
  date(name: string): Date | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : new Date(text);
  }

  /** The rows of a table; none where it was left out. */
  rows(name: string): Row[] {
    return (this.values.get(name)?.[0] as Table | undefined)?.rows ?? [];
  }

  /** All files of an input; none where it was left out. */
  files(name: string): FileValue[] {
    return (this.values.get(name) ?? []) as FileValue[];
  }

  /** All texts of an input that may occur several times. */
  texts(name: string): string[] {
    return (this.values.get(name) ?? []) as string[];
  }

  private required(name: string): InputValue<Features> {
    const value = this.values.get(name)?.[0];
    if (value === undefined)
      throw new Error(`The operation asks for input ${name}, which its definition does not require`);
    return value;
  }
}
