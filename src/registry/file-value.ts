import type { Fault } from '../shared/app-error.js';
import type { InputDefinition } from './process-definition.js';

/** A file of a request that nobody has looked into: named by `href` and fetched, or its bytes as they were sent. */
export class FileValue {
  constructor(
    readonly mediaType: string,
    readonly at: { href: string } | { bytes: Buffer },
  ) {}
}

const OCTETS = /^application\/octet-stream\b/i;

/** A file by its definition, or what is wrong with it. A type that says nothing is taken for any. */
export function readFile(value: unknown, path: string, { mediaTypes }: InputDefinition): FileValue | Fault[] {
  if (!(value instanceof FileValue))
    return [{ path, message: 'must be a file: named by its href, or sent in base64 with its mediaType' }];
  const plain = value.mediaType.split(';')[0]!.trim().toLowerCase();
  if (mediaTypes && !OCTETS.test(plain) && !mediaTypes.some((type) => type.split(';')[0] === plain))
    return [{ path, message: `is of type ${plain}, and must be of ${mediaTypes.join(', ')}` }];
  return value;
}
