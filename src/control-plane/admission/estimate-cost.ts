import type { InputSummary } from '../../execution/index.js';
import type { ProcessDefinition } from '../../registry/index.js';

const MEGABYTE = 1_000_000;

/** Cost units a run is estimated at, by the hints of its process; before its content is known, what every run costs. */
export function estimateCost({ hints }: ProcessDefinition, summary?: Partial<InputSummary>): number {
  const { estimatedCostUnits: base, costPer } = hints;
  const { features = 0, vertices = 0, bytes = 0, scalars = {} } = summary ?? {};
  const ofInputs = Object.entries(costPer.inputs).map(([name, price]) => {
    const value = scalars[name];
    return typeof value === 'number' ? Math.max(0, value) * price : 0;
  });
  return [
    base,
    features * costPer.feature,
    vertices * costPer.vertex,
    (bytes / MEGABYTE) * costPer.megabyte,
    ...ofInputs,
  ].reduce((sum, units) => sum + units, 0);
}
