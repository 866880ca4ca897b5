import { all, make, required } from './elements.js';
import { FeatureMap } from './feature-map.js';
import { FeatureTable } from './feature-table.js';
import { spatialData } from './spatial-data.js';

/** Larger results are fetched only when somebody asks for it. */
const UNASKED_BYTES = 20_000_000;

/** Fills every output of features on the page with its map and its table. */
export function showResults(within: ParentNode = document): void {
  for (const output of all('[data-features]', within)) {
    const bytes = Number(output.dataset.bytes);
    if (bytes <= UNASKED_BYTES) void show(output);
    else offer(output, bytes);
  }
}

function offer(output: HTMLElement, bytes: number): void {
  const button = make('button', { type: 'button' }, `Show all ${Math.round(bytes / 1e6)} MB on a map`);
  button.addEventListener('click', () => void show(output));
  required('.result-body', output).replaceChildren(button);
}

async function show(output: HTMLElement): Promise<void> {
  const told = required('.told', output);
  const body = required('.result-body', output);
  try {
    const reply = await fetch(output.dataset.features!, { headers: { accept: 'application/geo+json' } });
    if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
    const data = spatialData(await reply.json());
    if (!data) throw new Error('this is no GeoJSON');
    const { features, crs } = data;
    const table = new FeatureTable(features, (feature) => map?.select(feature, true));
    const place = make('div', {
      class: 'map',
      tabindex: '0',
      role: 'application',
      'aria-label': 'Map of the result',
    });
    body.replaceChildren(...(crs ? [] : [place]), ...(features.length > 0 ? [table.element] : []));
    const map = crs ? undefined : new FeatureMap(place, features, (feature) => select(feature));
    const select = (feature: GeoJSON.Feature): void => {
      map?.select(feature, false);
      table.mark(feature);
    };
    told.textContent = summary(features.length, map?.drawn ?? 0, crs);
  } catch (error) {
    told.textContent = `The result could not be shown: ${(error as Error).message}. The file below has it.`;
  }
}

function summary(count: number, drawn: number, crs: string | undefined): string {
  const features = `${count.toLocaleString('en')} feature${count === 1 ? '' : 's'}`;
  if (crs) return `${features} in ${crs}: the map shows longitude and latitude only.`;
  if (drawn < count)
    return `${features}. The map shows the first ${drawn.toLocaleString('en')}; the table and the file have all.`;
  return `${features}.`;
}
