import type { VNode } from 'preact';
import type { ProcessDescription } from '../../describe/describe-process.js';
import { Field, kindOf } from './field.js';

export interface Example {
  title: string;
  inputs: Record<string, unknown>;
}

interface RunFormProps {
  process: ProcessDescription;
  examples: Example[];
  /** Where the form sends its request: a path, so that it stays on the host that the page came from. */
  path: string;
  /** The same for a terminal. */
  url: string;
}

/** The form of a process, made from its description. `process-page.ts` fills it, draws for it and sends it. */
export function RunForm({ process, examples, path, url }: RunFormProps): VNode {
  const fields = Object.entries(process.inputs);
  const drawn = fields.filter(([, input]) => ['features', 'bbox'].includes(kindOf(input)));
  return (
    <form
      class="run-form"
      id="run-form"
      method="post"
      action={path}
      data-path={path}
      data-url={url}
      data-examples={JSON.stringify(examples)}
      novalidate
    >
      <div class="run-fields">
        <Examples examples={examples} />
        {fields.map(([name, input]) => (
          <Field name={name} input={input} />
        ))}
        <Mode options={process.jobControlOptions} />
        <div class="notice" data-tone="bad" id="form-trouble" role="alert" tabIndex={-1} hidden />
        <noscript>
          <p class="notice" data-tone="warn">
            Filling this form in needs JavaScript. The request below does the same from a terminal.
          </p>
        </noscript>
        <div class="actions" data-only-scripted hidden>
          <button class="primary" type="submit">
            Run {process.title}
          </button>
          <span class="quiet" id="form-told" role="status" />
        </div>
      </div>
      <div class="run-side">
        {drawn.length > 0 && <DrawingMap targets={drawn.map(([name, { title }]) => ({ name, title }))} />}
        <div class="equivalent">
          <div class="equivalent-head">
            <h3 id="curl-title">The same request from a terminal</h3>
            <button class="small" type="button" id="copy-curl" data-only-scripted hidden>
              Copy
            </button>
          </div>
          <pre class="code" id="curl" tabIndex={0} role="region" aria-labelledby="curl-title">
            {curl(url, examples[0]?.inputs ?? {})}
          </pre>
        </div>
      </div>
    </form>
  );
}

const Examples = ({ examples }: { examples: Example[] }): VNode => (
  <div class="field" data-only-scripted hidden>
    <label for="example">Start from</label>
    <select id="example">
      {examples.map(({ title }, index) => (
        <option value={String(index)}>{title}</option>
      ))}
      <option value="">an empty form</option>
    </select>
  </div>
);

const Mode = ({ options }: { options: ProcessDescription['jobControlOptions'] }): VNode => {
  const both = options.includes('sync-execute') && options.includes('async-execute');
  return (
    <fieldset class="modes">
      <legend>How to wait</legend>
      {options.includes('sync-execute') && (
        <label>
          <input type="radio" name="mode" value="sync" checked /> Wait for the answer
        </label>
      )}
      <label>
        <input type="radio" name="mode" value="async" checked={!both} /> Run as a job and watch it
      </label>
    </fieldset>
  );
};

const DrawingMap = ({ targets }: { targets: { name: string; title: string }[] }): VNode => (
  <div class="drawing" id="drawing" data-only-scripted hidden>
    <div class="drawing-tools" role="toolbar" aria-label="Drawing">
      <label for="draw-into" class={targets.length > 1 ? undefined : 'unseen'}>
        Draw
      </label>
      <select id="draw-into" hidden={targets.length < 2}>
        {targets.map(({ name, title }) => (
          <option value={name}>{title}</option>
        ))}
      </select>
      {['Point', 'Line', 'Polygon'].map((shape) => (
        <button type="button" class="small" data-draw={shape} aria-pressed="false">
          {shape}
        </button>
      ))}
      <button type="button" class="small" data-do="undo" hidden>
        Undo
      </button>
      <button type="button" class="small primary" data-do="finish" hidden>
        Finish
      </button>
    </div>
    <div
      class="map"
      id="map"
      role="application"
      aria-label="Map: what is drawn here goes into the form"
      tabIndex={0}
    />
    <p class="help" id="draw-told" role="status">
      Choose a shape, then click on the map; or move the map with the arrow keys and press Enter to set a
      point in its middle.
    </p>
  </div>
);

/** A request for a POSIX shell; the page's script writes it in the same way. */
function curl(url: string, inputs: Record<string, unknown>): string {
  const body = JSON.stringify({ inputs }).replaceAll("'", `'\\''`);
  return `curl -X POST '${url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}
