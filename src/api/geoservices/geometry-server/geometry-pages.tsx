import type { VNode } from 'preact';
import { type Crumb, Facts, LinkList, Section } from '../../../pages/index.js';
import { GEOMETRY_OPERATION_NAMES } from '../../../execution-adapter/index.js';
import type { DirectoryPage } from '../answer/answers.js';
import { CURRENT_VERSION } from '../directory/directory.js';
import { directoryFrame, rootOf } from '../directory/directory-frame.js';
import type { GeometryOperationInfo, GeometryService } from './geometry-services.js';

/** An operation as it is seen at one of the places of the service. */
interface OperationPlace {
  base: string;
  service: GeometryService;
  operation: GeometryOperationInfo;
}

/** A person reads no more than this; the JSON has all of it. */
const SHOWN_BYTES = 100_000;
const LONG = /^(?:geometr|poly|target|cutter|reshaper|coordinates$|strings$)/;

const pathOf = (base: string, service: GeometryService): string =>
  `${rootOf(base)}/arcgis/rest/services/${service}/GeometryServer`;

const crumbsTo = (base: string, service: GeometryService): Crumb[] => [
  { label: `${service} (GeometryServer)`, href: pathOf(base, service) },
];

export function geometryServicePage(base: string, service: GeometryService): DirectoryPage {
  const path = pathOf(base, service);
  return {
    frame: {
      ...directoryFrame(base, `${service} (GeometryServer)`, { path }),
      summary: 'Calculations with geometries, answered at once',
    },
    content: (
      <>
        <Section id="operations" title="Supported operations">
          <LinkList
            links={GEOMETRY_OPERATION_NAMES.map((name) => ({ href: `${path}/${name}`, title: name }))}
          />
        </Section>
        <Section id="service" title="Service">
          <Facts
            of={[
              ['Current version', String(CURRENT_VERSION)],
              ['Supported interfaces', 'REST'],
            ]}
          />
        </Section>
      </>
    ),
  };
}

/** A form with one field for each parameter, to be sent either way. */
export function operationFormPage({ base, service, operation }: OperationPlace): DirectoryPage {
  const path = `${pathOf(base, service)}/${operation.name}`;
  return {
    frame: {
      ...directoryFrame(base, operation.name, { path, crumbs: crumbsTo(base, service) }),
      alternates: [],
      summary: operation.summary,
    },
    content: (
      <form action={path} method="get" class="run-fields">
        <Section id="parameters" title="Parameters">
          <div class="run-fields">
            {operation.parameters.map((name) => (
              <Field name={name} />
            ))}
            <div class="field">
              <label for="f">Format</label>
              <select id="f" name="f">
                {['html', 'json', 'pjson'].map((one) => (
                  <option value={one}>{one}</option>
                ))}
              </select>
            </div>
          </div>
        </Section>
        <p class="actions">
          <button type="submit">{operation.name} (GET)</button>{' '}
          <button type="submit" formmethod="post">
            {operation.name} (POST)
          </button>
        </p>
      </form>
    ),
  };
}

const Field = ({ name }: { name: string }): VNode => (
  <div class="field">
    <label for={name}>{name}</label>
    {LONG.test(name) ? (
      <textarea id={name} name={name} rows={5} spellcheck={false} />
    ) : (
      <input id={name} name={name} />
    )}
  </div>
);

export function geometryResultPage(
  { base, service, operation }: OperationPlace,
  bytes: Uint8Array<ArrayBuffer>,
): DirectoryPage {
  const path = `${pathOf(base, service)}/${operation.name}`;
  const crumbs = [...crumbsTo(base, service), { label: operation.name, href: path }];
  return {
    frame: {
      ...directoryFrame(base, 'Result', { path, crumbs }),
      alternates: [],
      summary: `${operation.name}: ${operation.summary}`,
    },
    content: (
      <>
        {bytes.length > SHOWN_BYTES && <p>This is its beginning; ask with f=json for all of it.</p>}
        <pre class="code" tabIndex={0} role="region" aria-label="Result">
          {Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('utf8')}
        </pre>
      </>
    ),
  };
}
