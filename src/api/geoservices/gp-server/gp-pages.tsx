import type { VNode } from 'preact';
import { type Crumb, Facts, LinkList, Section } from '../../../pages/index.js';
import type { DirectoryPage } from '../answer/answers.js';
import { directoryFrame, rootOf } from '../directory/directory-frame.js';
import type { ServiceDescription } from './describe-service.js';
import type { GpParameter, TaskDescription } from './describe-task.js';
import type { GpService } from './services.js';

export const servicePath = (base: string, { name }: GpService): string =>
  `${rootOf(base)}/arcgis/rest/services/${name}/GPServer`;

export const taskPath = (base: string, service: GpService, task: string): string =>
  `${servicePath(base, service)}/${task}`;

/** The way from the services to a task. */
export function crumbsTo(base: string, service: GpService, task?: string): Crumb[] {
  const crumb = { label: `${service.name} (GPServer)`, href: servicePath(base, service) };
  return task === undefined ? [crumb] : [crumb, { label: task, href: taskPath(base, service, task) }];
}

export function servicePage(base: string, service: GpService, document: ServiceDescription): DirectoryPage {
  const path = servicePath(base, service);
  return {
    frame: {
      ...directoryFrame(base, `${service.name} (GPServer)`, { path }),
      summary: document.serviceDescription,
    },
    content: (
      <>
        <Section id="tasks" title="Tasks">
          <LinkList
            links={document.tasks.map((task) => ({ href: taskPath(base, service, task), title: task }))}
          />
        </Section>
        <Section id="children" title="Child resources">
          <LinkList links={[{ href: `${path}/uploads`, title: 'Uploads' }]} />
        </Section>
        <Section id="service" title="Service">
          <Facts
            of={[
              ['Execution type', document.executionType],
              ['Result map server name', document.resultMapServerName || 'none'],
              ['Maximum number of records returned', String(document.maximumRecords)],
              ['Supported interfaces', 'REST'],
            ]}
          />
        </Section>
      </>
    ),
  };
}

export function taskPage(base: string, service: GpService, document: TaskDescription): DirectoryPage {
  const path = taskPath(base, service, document.name);
  return {
    frame: {
      ...directoryFrame(base, document.name, { path, crumbs: crumbsTo(base, service) }),
      summary: document.displayName,
    },
    content: (
      <>
        <p>{document.description}</p>
        <Section id="operations" title="Supported operations">
          <LinkList
            links={[
              { href: `${path}/submitJob`, title: 'Submit Job' },
              { href: `${path}/execute`, title: 'Execute Task' },
            ]}
          />
        </Section>
        <Section id="task" title="Task">
          <Facts
            of={[
              ['Display name', document.displayName],
              ['Category', document.category || 'none'],
              ['Help URL', <a href={document.helpUrl}>{document.helpUrl}</a>],
              ['Execution type', document.executionType],
            ]}
          />
        </Section>
        <Section id="parameters" title="Parameters">
          <div class="outputs">
            {document.parameters.map((parameter) => (
              <Parameter of={parameter} />
            ))}
          </div>
        </Section>
      </>
    ),
  };
}

const Parameter = ({ of: parameter }: { of: GpParameter }): VNode => {
  const { name, dataType, displayName, description, direction, defaultValue, parameterType, choiceList } =
    parameter;
  const preset = typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue);
  return (
    <article class="output">
      <h3 id={name}>{name}</h3>
      {description && <p>{description}</p>}
      <Facts
        of={[
          ['Data type', dataType],
          ['Display name', displayName],
          ['Direction', direction],
          ['Default value', defaultValue === null ? 'none' : <code>{preset}</code>],
          ['Parameter type', parameterType],
          ['Choice list', choiceList?.join(', ')],
        ]}
      />
    </article>
  );
};
