import type { VNode } from 'preact';
import { Facts, Moment, readableBytes, readableCount } from '../../../../pages/index.js';
import type { ShownOutput } from '../shown-outputs.js';

const GEOJSON = 'application/geo+json';

export const hasMap = (outputs: ShownOutput[]): boolean =>
  outputs.some(({ mediaType }) => mediaType === GEOJSON);

/** Outputs: plain values as they are, features on a map and in a table, everything to fetch. */
export const OutputList = ({ outputs }: { outputs: ShownOutput[] }): VNode =>
  outputs.length === 0 ? (
    <p class="notice">The request asked for no output.</p>
  ) : (
    <div class="outputs">
      {outputs.map((output) =>
        output.mediaType === GEOJSON ? <Features output={output} /> : <Plain output={output} />,
      )}
    </div>
  );

const Plain = ({ output }: { output: ShownOutput }): VNode => (
  <article class="output" aria-labelledby={`output-${output.id}`}>
    <Heading output={output} />
    {output.value !== undefined && <pre class="value">{output.value}</pre>}
    <Download output={output} />
  </article>
);

/** The map and the table are filled by `result-view.ts` in the browser. */
const Features = ({ output }: { output: ShownOutput }): VNode => (
  <article
    class="output"
    aria-labelledby={`output-${output.id}`}
    data-features={output.path}
    data-bytes={output.link.sizeBytes}
  >
    <Heading output={output} />
    <p class="told quiet" role="status">
      {output.features !== undefined && `${readableCount(output.features)} features. `}
      <noscript>The map and the table need JavaScript; the file below has everything.</noscript>
    </p>
    <div class="result-body" />
    <Download output={output} />
  </article>
);

const Heading = ({ output: { id, title, description } }: { output: ShownOutput }): VNode => (
  <>
    <h3 id={`output-${id}`}>
      {title} <code class="quiet">{id}</code>
    </h3>
    {description && <p class="quiet">{description}</p>}
  </>
);

const Download = ({ output }: { output: ShownOutput }): VNode => {
  const { link, fileName, mediaType } = output;
  return (
    <div class="download">
      <a class="button" href={link.href} type={mediaType} rel={link.rel} download={fileName}>
        Download {fileName}
      </a>
      <Facts
        of={[
          ['Type', mediaType],
          ['Size', readableBytes(link.sizeBytes)],
          ['Link until', <Moment at={link.expiresAt} />],
        ]}
      />
    </div>
  );
};
