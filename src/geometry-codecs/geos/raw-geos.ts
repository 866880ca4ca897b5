import initGeosJs from 'geos-wasm';

/** The compiled C API: every export is a function of numbers, and the heap is seen through typed arrays. */
export type RawGeos = Record<`_${string}`, (...args: number[]) => number> & {
  HEAPU8: Uint8Array;
  HEAPU32: Uint32Array;
  HEAPF64: Float64Array;
  UTF8ToString(pointer: number): string;
};

interface Library {
  Module: RawGeos;
  _ctx: number | null;
  initGEOS(): void;
}

/**
 * The thread's one instance, from the shared module where one is given. The error handler must only record: an
 * exception thrown through WebAssembly frames corrupts the instance.
 */
export async function instantiate(
  onError: (message: string) => void,
  module?: WebAssembly.Module,
): Promise<{ raw: RawGeos; context: number }> {
  const original = WebAssembly.instantiate;
  if (module) {
    const shared = async (_binary: unknown, imports: WebAssembly.Imports) => ({
      module,
      instance: await original(module, imports),
    });
    WebAssembly.instantiate = shared as unknown as typeof WebAssembly.instantiate;
  }
  try {
    const config = { errorHandler: onError, noticeHandler: () => {} };
    const start = initGeosJs as unknown as (config: object) => Promise<Library>;
    const library = await start(config);
    if (library._ctx === null) library.initGEOS();
    return { raw: library.Module, context: library._ctx! };
  } finally {
    WebAssembly.instantiate = original;
  }
}
