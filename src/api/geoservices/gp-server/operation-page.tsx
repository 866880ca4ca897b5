import type { VNode } from 'preact';
import { Section } from '../../../pages/index.js';
import type { DirectoryPage } from '../answer/answers.js';
import { directoryFrame } from '../directory/directory-frame.js';
import type { GpParameter, TaskDescription } from './describe-task.js';
import { crumbsTo, taskPath } from './gp-pages.js';
import type { GpService } from './services.js';

export type Operation = 'execute' | 'submitJob';

const TITLES: Record<Operation, string> = { execute: 'Execute Task', submitJob: 'Submit Job' };
const LARGE = new Set(['GPFeatureRecordSetLayer', 'GPRecordSet']);

/** A form with one field for each input, to be sent either way. */
export function operationPage(
  base: string,
  service: GpService,
  { task, operation }: { task: TaskDescription; operation: Operation },
): DirectoryPage {
  const path = `${taskPath(base, service, task.name)}/${operation}`;
  const inputs = task.parameters.filter(({ direction }) => direction === 'esriGPParameterDirectionInput');
  return {
    frame: {
      ...directoryFrame(base, TITLES[operation], { path, crumbs: crumbsTo(base, service, task.name) }),
      alternates: [],
      summary: `${TITLES[operation]}: ${task.displayName}`,
    },
    content: (
      <form action={path} method="get" class="run-fields">
        <Section id="inputs" title="Parameters">
          <div class="run-fields">
            {inputs.map((input) => (
              <Field of={input} />
            ))}
          </div>
        </Section>
        <Section id="options" title="Options">
          <div class="run-fields">
            <Line name="env:outSR" label="Output spatial reference" hint="A wkid, such as 4326 or 102100" />
            <Line name="env:processSR" label="Process spatial reference" hint="A wkid" />
            <Choice name="returnZ" label="Return Z" choices={['false', 'true']} />
            <Choice name="returnM" label="Return M" choices={['false', 'true']} />
            <Choice name="f" label="Format" choices={['html', 'json', 'pjson']} />
          </div>
        </Section>
        <p class="actions">
          <button type="submit">{TITLES[operation]} (GET)</button>{' '}
          <button type="submit" formmethod="post">
            {TITLES[operation]} (POST)
          </button>
        </p>
      </form>
    ),
  };
}

function Field({
  of: { name, dataType, displayName, description, defaultValue, parameterType, choiceList },
}: {
  of: GpParameter;
}): VNode {
  const required = parameterType === 'esriGPParameterTypeRequired';
  const label = `${displayName} (${dataType})${required ? '' : ', optional'}`;
  const preset = defaultValue === null || LARGE.has(dataType) ? '' : plain(defaultValue);
  if (choiceList)
    return (
      <Choice
        name={name}
        label={label}
        hint={description}
        choices={required ? choiceList : ['', ...choiceList]}
        preset={preset}
      />
    );
  if (dataType === 'GPBoolean')
    return (
      <Choice
        name={name}
        label={label}
        hint={description}
        choices={required ? ['true', 'false'] : ['', 'true', 'false']}
        preset={preset}
      />
    );
  if (!LARGE.has(dataType))
    return <Line name={name} label={label} hint={description} preset={preset} required={required} />;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <textarea id={name} name={name} rows={6} required={required} spellcheck={false} />
      <small class="help">{description}</small>
    </div>
  );
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

interface FieldOf {
  name: string;
  label: string;
  hint?: string;
  preset?: string;
  required?: boolean;
}

const Line = ({ name, label, hint, preset = '', required = false }: FieldOf): VNode => (
  <div class="field">
    <label for={name}>{label}</label>
    <input id={name} name={name} value={preset} required={required} />
    {hint && <small class="help">{hint}</small>}
  </div>
);

const Choice = ({ name, label, hint, choices, preset }: FieldOf & { choices: string[] }): VNode => (
  <div class="field">
    <label for={name}>{label}</label>
    <select id={name} name={name}>
      {choices.map((choice) => (
        <option value={choice} selected={choice === preset}>
          {choice || '(default)'}
        </option>
      ))}
    </select>
    {hint && <small class="help">{hint}</small>}
  </div>
);
