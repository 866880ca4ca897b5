import { usageFailure } from '../failure.js';

export type CredentialKind = 'key' | 'token';

/** A key or token. It leaves here in a header of a request and no other way: not as text, not as JSON. */
export class Credential {
  readonly #value: string;

  /** `source` is where it is from, for messages. Throws Failure for what no header can carry. */
  constructor(
    private readonly kind: CredentialKind,
    value: string,
    source: string,
  ) {
    if (!/^[\x21-\x7e]+$/.test(value))
      throw usageFailure(`${source} has no ${kind}: one is of visible ASCII characters, without spaces.`);
    this.#value = value;
  }

  headers(): Record<string, string> {
    return this.kind === 'key' ? { 'x-api-key': this.#value } : { authorization: `Bearer ${this.#value}` };
  }
}
