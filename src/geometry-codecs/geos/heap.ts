import { GeosError, GeosOutOfMemory } from './geos-error.js';
import { instantiate, type RawGeos } from './raw-geos.js';

/** Address of a geometry in the heap; whoever has it frees it. */
export type Pointer = number;

const FIRST_SCRATCH = 1 << 20;

/**
 * The thread's GEOS instance: its C functions, a scratch area for coordinates, and the check that every returned
 * pointer goes through, since at the memory cap any call may give 0.
 */
export class GeosHeap {
  private lastError = '';
  private scratch = 0;
  private scratchBytes = 0;
  raw!: RawGeos;
  context = 0;

  static async start(module?: WebAssembly.Module): Promise<GeosHeap> {
    const heap = new GeosHeap();
    const { raw, context } = await instantiate((message) => (heap.lastError = message), module);
    heap.raw = raw;
    heap.context = context;
    heap.reserve(FIRST_SCRATCH);
    return heap;
  }

  get bytes(): number {
    return this.raw.HEAPU8.byteLength;
  }

  /** Scratch space of at least so many bytes; overwritten by the next call that uses it. */
  reserve(bytes: number): Pointer {
    if (bytes <= this.scratchBytes) return this.scratch;
    this.raw._free!(this.scratch);
    this.scratchBytes = 0;
    this.scratch = this.allocate(bytes * 2);
    this.scratchBytes = bytes * 2;
    return this.scratch;
  }

  allocate(bytes: number): Pointer {
    const pointer = this.raw._malloc!(Math.max(bytes, 8));
    if (pointer === 0) throw new GeosOutOfMemory();
    return pointer;
  }

  /** The pointer, unless it is 0. */
  checked(pointer: Pointer): Pointer {
    if (pointer !== 0) return pointer;
    throw this.failure();
  }

  /** The answer of a predicate: 0 or 1; 2 stands for an exception. */
  predicate(answer: number): boolean {
    if (answer === 2) throw this.failure();
    return answer === 1;
  }

  free(geometry: Pointer): void {
    if (geometry !== 0) this.raw._GEOSGeom_destroy_r!(this.context, geometry);
  }

  failure(): Error {
    const message = this.lastError;
    this.lastError = '';
    if (/bad_alloc|memory/i.test(message)) return new GeosOutOfMemory();
    return new GeosError(message.slice(0, 300) || 'The geometry engine gave no answer.');
  }
}
