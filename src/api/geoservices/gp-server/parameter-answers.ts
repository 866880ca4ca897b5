import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ArtifactLinks } from '../../../artifacts/index.js';
import { GetResults, GetRunInput, type ProcessRun } from '../../../control-plane/index.js';
import type { OutputPayload } from '../../../execution/index.js';
import {
  inputNames,
  outputIdOf,
  plainName,
  publishedNames,
  type Segment,
} from '../../../execution-adapter/index.js';
import type { ProcessDefinition } from '../../../registry/index.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import type { Parameters } from '../request/parameters.js';
import { featureStyle } from './feature-style.js';
import { inputDataType, outputDataType } from './gp-types.js';
import { GpValues } from './gp-values.js';
import type { FoundJob } from './jobs.js';
import type { GpMessage } from './messages.js';

/** What is asked, by whom, and until when anybody wants to know. */
export interface Look {
  principal: Principal;
  parameters: Parameters;
  signal: AbortSignal;
  /** Public root of this service, for links. */
  base: string;
}

/** Parameters of jobs as answers: `{"paramName","dataType","value"}`, the value written elsewhere. */
@Injectable()
export class ParameterAnswers {
  constructor(
    private readonly queries: QueryBus,
    private readonly values: GpValues,
    private readonly links: ArtifactLinks,
  ) {}

  async result(job: FoundJob, name: string, look: Look): Promise<Segment[]> {
    const output = await this.find(job, name, look);
    return this.output(job.run, output, { definition: job.definition, look });
  }

  /** Throws AppError `invalid-input` for an output that is no features. */
  async geojson(job: FoundJob, name: string, look: Look): Promise<Segment[]> {
    const output = await this.find(job, name, look);
    if (output.features === undefined)
      throw invalidInput('Only features can be had as GeoJSON.', [
        { path: '/f', message: 'geojson is for features only' },
      ]);
    return [await this.values.geojson(output, look.signal)];
  }

  private async find({ run, definition }: FoundJob, name: string, look: Look): Promise<OutputPayload> {
    const id = outputIdOf(definition, name);
    if (id === undefined) throw noParameter('output', publishedNames(definition).outputs);
    const { outputs } = await this.queries.execute(new GetResults(look.principal, run.id, run));
    const output = outputs.find((one) => one.id === id);
    if (!output) throw new AppError('not-found', 'output-not-found', 'The job gave no such output.');
    return output;
  }

  async input({ run, definition }: FoundJob, name: string, look: Look): Promise<Segment[]> {
    const id = inputNames(definition).get(plainName(name));
    const { inputs } = publishedNames(definition);
    if (id === undefined) throw noParameter('input', inputs);
    const input = await this.queries.execute(new GetRunInput(look.principal, run.id));
    const style = featureStyle(undefined, look.parameters);
    const value = await this.values.input(input, { definition, id, style }, look.signal);
    const published = inputs.find((one) => one.id === id)!.name;
    return parameter(published, inputDataType(definition.inputs[id]!), value);
  }

  /** Everything a run gave, with its messages, as `execute` answers. */
  async all(
    run: ProcessRun,
    messages: GpMessage[],
    { definition, look }: { definition: ProcessDefinition; look: Look },
  ): Promise<Segment[]> {
    const { outputs } = await this.queries.execute(new GetResults(look.principal, run.id, run));
    const segments: Segment[] = ['{"results":['];
    for (const [index, output] of outputs.entries()) {
      if (index > 0) segments.push(',');
      segments.push(...(await this.output(run, output, { definition, look })));
    }
    segments.push(`],"messages":${JSON.stringify(messages)}}`);
    return segments;
  }

  private async output(
    run: ProcessRun,
    output: OutputPayload,
    { definition, look }: { definition: ProcessDefinition; look: Look },
  ): Promise<Segment[]> {
    const described = definition.outputs[output.id];
    const name = publishedNames(definition).outputs.find(({ id }) => id === output.id)?.name;
    if (!described || name === undefined)
      throw new AppError('not-found', 'output-not-found', 'The task has no such output any more.');
    if (described.type === 'file')
      return parameter(name, outputDataType(described), this.file(run, output, look));
    const style = featureStyle(run.responseSpec.features, look.parameters);
    return parameter(
      name,
      outputDataType(described),
      await this.values.output(output, described, style, look.signal),
    );
  }

  /** GPDataFile: where its bytes are, to whoever has the link. */
  private file(
    { id, tenant, completedAt, updatedAt }: ProcessRun,
    output: OutputPayload,
    { base }: Look,
  ): string {
    const { token } = this.links.sign({ tenant, runId: id, outputId: output.id }, completedAt ?? updatedAt);
    return JSON.stringify({ url: `${base}/artifacts/${token}` });
  }
}

const parameter = (name: string, dataType: string, value: Segment): Segment[] => [
  `{"paramName":${JSON.stringify(name)},"dataType":${JSON.stringify(dataType)},"value":`,
  value,
  '}',
];

const noParameter = (kind: string, published: { name: string }[]): AppError =>
  new AppError(
    'not-found',
    'parameter-not-found',
    `The task has no ${kind} of this name; it has ${published.map(({ name }) => name).join(', ')}.`,
  );
