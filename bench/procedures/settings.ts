import { layerNames } from './layers.ts';

/** A server that takes 100,000 features, with the layers of the benches. */
export const settingsFor = (limitMs: number): Record<string, string> => ({
  Limits__MaxInputFeatures: '1000000',
  Limits__MaxOutputFeatures: '1000000',
  Limits__MaxEstimatedCostUnits: '1000000',
  ResourceClasses__CpuBurst__MaxExecutionTime: `${limitMs / 1_000}s`,
  ResourceClasses__CpuBurst__MaxMemory: '2GiB',
  Workers__WasmMemory: '1GiB',
  Workers__HeapMemory: '2GiB',
  Tier2__Classes__CpuBurst__StatementTimeout: `${limitMs / 1_000}s`,
  ...Object.fromEntries(
    layerNames().flatMap((name) => [
      [`Layers__${name}__provider`, 'postgis'],
      [`Layers__${name}__table`, name],
    ]),
  ),
});
