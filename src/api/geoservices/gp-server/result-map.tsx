import type { VNode } from 'preact';
import { publishedNames } from '../../../execution-adapter/index.js';
import { readableCount } from '../../../pages/index.js';
import type { FoundJob } from './jobs.js';

export interface FeatureOutput {
  name: string;
  bytes: number;
  features: number;
}

/** The outputs of a job that a map can show, as published. */
export function featureOutputs({ run, definition }: FoundJob): FeatureOutput[] {
  return publishedNames(definition).outputs.flatMap(({ id, name }) => {
    const stored = run.outputs?.find((output) => output.id === id);
    return stored?.features === undefined ? [] : [{ name, bytes: stored.size, features: stored.features }];
  });
}

/** What a page needs to show them. */
export const mapFor = (outputs: FeatureOutput[]): { map: boolean; scripts: string[] } => ({
  map: outputs.length > 0,
  scripts: outputs.length > 0 ? ['results-page.js'] : [],
});

/** The map and the table are filled by `result-view.ts` in the browser, from GeoJSON in longitude and latitude. */
export const ResultMap = ({ output, path }: { output: FeatureOutput; path: string }): VNode => (
  <article
    class="output"
    aria-labelledby={`output-${output.name}`}
    data-features={`${path}/results/${output.name}?f=geojson`}
    data-bytes={output.bytes}
  >
    <h3 id={`output-${output.name}`}>{output.name}</h3>
    <p class="told quiet" role="status">
      {readableCount(output.features)} features. <noscript>The map and the table need JavaScript.</noscript>
    </p>
    <div class="result-body" />
  </article>
);
