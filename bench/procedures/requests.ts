import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Input {
  type: string;
  default?: unknown;
}

/** A process that has a procedure, and a request for it: scalar inputs, and the layer of each input with features. */
export interface MeasuredProcess {
  id: string;
  procedure: string;
  /** Layers by input; `features` is named without its size. */
  layers: Record<string, string>;
  scalars: Record<string, unknown>;
  /** What the procedure gets. */
  request: Record<string, unknown>;
}

type Request = Pick<MeasuredProcess, 'layers' | 'scalars'>;

const over = (features: string, scalars: object = {}, others: object = {}): Request => ({
  layers: { features, ...others },
  scalars: { ...scalars },
});

const REQUESTS: Record<string, Request> = {
  buffer: over('points', { distance: 10_000 }),
  clip: over('areas', {}, { mask: 'mask' }),
  'cluster-dbscan': over('points', { distance: 2_000 }),
  'cluster-kmeans': over('points', { k: 4 }),
  'cluster-within': over('points', { distance: 2_000 }),
  'concave-hull': over('points'),
  delaunay: over('points'),
  dissolve: over('areas', { by: 'name' }),
  heatmap: over('points', { radius: 400_000 }),
  'hexagon-grid': over('points', { cellSize: 100_000, attribute: 'value' }),
  'interpolate-idw': over('points', { valueField: 'value', gridResolution: 40, neighbours: 12 }),
  intersection: over('areas', {}, { overlay: 'overlay' }),
  'line-merge': over('lines'),
  'minimum-bounding-circle': over('areas', { scope: 'each' }),
  nearest: over('points', { count: 2 }, { to: 'towns' }),
  'coverage-simplify': over('areas', { tolerance: 20_000 }),
  'snap-to-grid': over('areas', { size: 100 }),
  subdivide: over('areas', { maxVertices: 8 }),
  'spatial-join': over('points', {}, { join: 'nations' }),
  'square-grid': over('points', { cellSize: 150_000, attribute: 'value' }),
  union: over('areas'),
  voronoi: over('points'),
};

const folder = resolve(import.meta.dirname, '../../processes');

/** Every process with a procedure. Throws if one is not measured here. */
export function measuredProcesses(): MeasuredProcess[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => {
      const { id, inputs, handlers } = parse(readFileSync(join(folder, file), 'utf8')) as {
        id: string;
        inputs: Record<string, Input>;
        handlers: Record<string, { procedure: string }>;
      };
      const procedure = handlers.postgis?.procedure;
      if (procedure === undefined) return [];
      const request = REQUESTS[id];
      if (!request) throw new Error(`bench/procedures/requests.ts has no request for ${id}`);
      const defaults = Object.entries(inputs).flatMap(([name, input]) =>
        input.default === undefined ? [] : [[name, input.default]],
      );
      const facts = { $geographic: false, $metersPerUnit: 1, $maxOutputFeatures: 1_000_000 };
      return {
        id,
        procedure,
        ...request,
        request: { ...Object.fromEntries(defaults), ...request.scalars, ...facts },
      };
    });
}

/** The layer that an input has at a size. */
export const layerAt = (input: string, layer: string, size: number): string =>
  input === 'features' ? `${layer}_${size}` : layer;

/** The body of a request that names its layers. */
export const bodyOf = ({ layers, scalars }: MeasuredProcess, size: number): string => {
  const references = Object.entries(layers).map(([input, layer]) => [
    input,
    { layerReference: layerAt(input, layer, size) },
  ]);
  return JSON.stringify({ inputs: { ...scalars, ...Object.fromEntries(references) } });
};
