import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetRunInput } from '../../../control-plane/index.js';
import { JsonBlock, LinkList, Prose, Section } from '../../../pages/index.js';
import { Catalog } from '../../../registry/index.js';
import { AppError } from '../../../shared/app-error.js';
import { isUuidV7 } from '../../../shared/uuid-v7.js';
import type { ProcessDescription } from '../describe/describe-process.js';
import { REL } from '../link.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { type Example, RunForm } from './form/run-form.js';
import { linkTo, pageLinks } from './page-links.js';
import { ProcessFacts } from './parts/process-facts.js';
import { Values } from './parts/values.js';

/** Longer requests are not put into a form. */
const REUSED_BYTES = 1_000_000;

/** What a process takes and gives, and a form to run it. */
@Injectable()
export class ProcessPage implements PageView<ProcessDescription> {
  constructor(
    private readonly catalog: Catalog,
    private readonly queries: QueryBus,
  ) {}

  async render(process: ProcessDescription, context: PageContext): Promise<Rendered> {
    const { root } = context;
    const { id, title, description, links, inputs } = process;
    const { definition } = this.catalog.get(id);
    const earlier = await this.earlier(context);
    const examples = [...(earlier ? [earlier] : []), ...definition.examples.map(toExample)];
    return {
      frame: {
        title,
        section: 'processes',
        breadcrumbs: [{ label: 'Processes', href: `${root}/processes` }],
        map: Object.keys(inputs).length > 0,
        scripts: ['process-page.js'],
      },
      content: (
        <>
          <p class="lead process-lead">
            <Prose text={description} />
          </p>
          <ProcessFacts process={process} />
          <Section id="run" title="Try it">
            <RunForm
              process={process}
              examples={examples}
              path={`${root}/processes/${id}/execution`}
              url={linkTo(links, REL.execute)!}
            />
          </Section>
          <Section id="inputs" title="Inputs">
            <Values of={process.inputs} />
          </Section>
          <Section id="outputs" title="Outputs">
            <Values of={process.outputs} />
          </Section>
          <Section id="examples" title="Examples">
            {definition.examples.map(({ title, inputs }) => (
              <details class="example">
                <summary>{title}</summary>
                <JsonBlock value={{ inputs }} label={`Request: ${title}`} />
              </details>
            ))}
          </Section>
          <Section id="links" title="Links">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }

  /** The inputs of an earlier run of the caller, to start from. */
  private async earlier({ request }: PageContext): Promise<Example | undefined> {
    const { principal, query } = request;
    const { from } = query;
    // The page itself is for everybody, signed in or not.
    if (!principal?.scopes.includes('read') || typeof from !== 'string' || !isUuidV7(from)) return undefined;
    try {
      const { payload } = await this.queries.execute(new GetRunInput(principal, from));
      if (payload.kind !== 'inline' || payload.size > REUSED_BYTES) return undefined;
      const { inputs } = JSON.parse(new TextDecoder().decode(payload.bytes)) as {
        inputs?: Example['inputs'];
      };
      return inputs && { title: `run ${from}`, inputs };
    } catch (error) {
      if (error instanceof AppError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

const toExample = ({ title, inputs }: Example): Example => ({ title, inputs });
