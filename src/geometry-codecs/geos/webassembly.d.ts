/** The part of the WebAssembly interface in use; TypeScript has it only in its browser library. */
declare namespace WebAssembly {
  class Module {
    constructor(binary: Uint8Array<ArrayBuffer>);
    private readonly brand: unique symbol;
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Record<string, unknown>;
  }
  type Imports = Record<string, Record<string, unknown>>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  class RuntimeError extends Error {}
}
