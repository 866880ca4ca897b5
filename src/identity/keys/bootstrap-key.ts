import { createHash } from 'node:crypto';
import { OPERATORS_TENANT, type Principal } from '../../shared/principal.js';
import { sameBytes } from '../tokens.js';

const MARK_LENGTH = 16;

/** The key of the environment: the first operator's, who makes all others with it. It is written down nowhere. */
export class BootstrapKey {
  private readonly digest: Buffer;
  /** Names the key to whatever it opened, and is nothing to come in with. */
  readonly mark: string;

  constructor(key: string) {
    this.digest = digestOf(key);
    this.mark = createHash('sha256').update(this.digest).digest('hex').slice(0, MARK_LENGTH);
  }

  verify(key: string): Principal | undefined {
    if (!sameBytes(digestOf(key), this.digest)) return undefined;
    return { tenant: OPERATORS_TENANT, user: 'bootstrap', scopes: ['execute', 'read', 'admin'] };
  }
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
