import type { RunMessage, Work } from '../../../execution/index.js';
import {
  type Crs,
  type FeatureRecord,
  findCrs,
  type Geos,
  writeFeatureCollection,
} from '../../../geometry-codecs/worker.js';
import { framed } from '../../../execution/worker.js';
import type { ReadHead, WriteHead, WriteParameters } from '../thread-protocol.js';

/** How features are given out; that of tier 1, given by whoever composes the thread. */
type OutputStyle = new (
  context: { geos: Geos; messages: RunMessage[] },
  options: ReadHead['output'],
) => { applyTo(set: { features: FeatureRecord[]; crs: Crs }): { features: FeatureRecord[]; crs: Crs } };

/** Brings a computed collection into the coordinate system and the decimals that were asked for. */
export const postgisOutput =
  (Style: OutputStyle): Work<Geos> =>
  ({ engine, parameters, maxBytes, json }) => {
    const { crs, output } = parameters as WriteParameters;
    const messages: RunMessage[] = [];
    const { features } = json() as { features: FeatureRecord[] };
    const styled = new Style({ geos: engine, messages }, output).applyTo({
      features,
      crs: findCrs(crs) as Crs,
    });
    const head: WriteHead = { messages };
    return framed(head, [writeFeatureCollection(styled.features, styled.crs, maxBytes)]);
  };
