import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = 65_536;
const MEMORY_SECTION = 5;
/** The WebAssembly binary stands in the package's JavaScript as base64; it begins with `\0asm` (AGFzb…). */
const DATA_URL = 'data:application/octet-stream;base64,';

/**
 * GEOS compiled once for all threads, with its memory capped: the module declares its own memory, so the cap is set by
 * overwriting the maximum in the memory section. At the cap GEOS fails with a clean `std::bad_alloc`.
 */
export function compileCappedGeos(maxBytes: number): WebAssembly.Module {
  const source = readFileSync(fileURLToPath(import.meta.resolve('geos-wasm')), 'latin1');
  const start = source.indexOf(`${DATA_URL}AGFzb`) + DATA_URL.length;
  const end = source.indexOf('"', start);
  if (start < DATA_URL.length || end < 0) throw new Error('geos-wasm does not carry its binary as expected');
  const binary = new Uint8Array(Buffer.from(source.slice(start, end), 'base64'));
  return new WebAssembly.Module(capMemory(binary, Math.max(1, Math.floor(maxBytes / PAGE))));
}

/** Finds the memory section and writes the maximum in place: a padded LEB128 of the same three bytes. */
export function capMemory(binary: Uint8Array<ArrayBuffer>, maxPages: number): Uint8Array<ArrayBuffer> {
  let offset = 8;
  const readLeb = (): number => {
    let value = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = binary[offset++]!;
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return value >>> 0;
  };
  while (offset < binary.length) {
    const id = binary[offset++];
    const length = readLeb();
    const section = offset;
    if (id !== MEMORY_SECTION) {
      offset = section + length;
      continue;
    }
    if (readLeb() !== 1 || binary[offset++] !== 1) throw new Error('geos-wasm: unexpected memory section');
    const minimum = readLeb();
    const at = offset;
    readLeb();
    if (offset - at !== 3) throw new Error('geos-wasm: the memory maximum is not three bytes long');
    const pages = Math.max(minimum, Math.min(maxPages, 32_768));
    binary.set([(pages & 127) | 128, ((pages >> 7) & 127) | 128, (pages >> 14) & 127], at);
    return binary;
  }
  throw new Error('geos-wasm: no memory section');
}
