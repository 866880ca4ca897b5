import type { ProcessRun, RunEvent } from '../../../control-plane/index.js';

/** PROV-JSON (W3C member submission of 24 April 2013), as far as it is used here. */
export interface ProvDocument {
  prefix: Record<string, string>;
  entity: Record<string, Attributes>;
  activity: Record<string, Attributes>;
  agent: Record<string, Attributes>;
  used: Record<string, Attributes>;
  wasGeneratedBy: Record<string, Attributes>;
  wasDerivedFrom: Record<string, Attributes>;
  wasAssociatedWith: Record<string, Attributes>;
  actedOnBehalfOf: Record<string, Attributes>;
  wasInformedBy: Record<string, Attributes>;
}

type Value = string | number | boolean | { $: string; type: string };
type Attributes = Record<string, Value>;

const time = (at: Date): string => at.toISOString();
const uri = (href: string): Value => ({ $: href, type: 'xsd:anyURI' });
const qualified = (name: string): Value => ({ $: name, type: 'prov:QUALIFIED_NAME' });

/** What an attempt was, by the line that began it and the line that ended it. */
interface Attempt {
  number: number;
  began: RunEvent;
  ended?: RunEvent;
  fallBacks: RunEvent[];
}

/** How a run came to its results: who asked, what was used, what was tried where, and what came of it. */
export function provDocument(run: ProcessRun, lines: RunEvent[], base: string): ProvDocument {
  const document = emptyDocument(base);
  const job = `job:${run.id}`;
  addAgents(document, run);
  addPlan(document, run);
  addInputs(document, run, job);
  document.activity[job] = given({
    'prov:type': qualified('honua:Run'),
    'prov:startTime': time(run.submittedAt),
    'prov:endTime': run.completedAt && time(run.completedAt),
    'honua:state': run.state,
    'honua:mode': run.mode,
    'honua:surface': run.surface,
    'honua:resourceClass': run.resourceClass,
    'honua:attempts': run.attempt,
    'honua:estimatedCostUnits': run.estimatedCostUnits,
    'honua:costUnits': run.costUnits,
    'honua:policyVersion': run.policyVersion,
    'honua:traceId': run.traceId,
    'honua:decision': JSON.stringify(run.decision),
    'honua:failure': run.failure && `${run.failure.reason}: ${run.failure.message}`,
  });
  document.wasAssociatedWith['_:asked'] = {
    'prov:activity': job,
    'prov:agent': 'honua:caller',
    'prov:plan': 'honua:process',
  };
  for (const attempt of attemptsOf(lines)) addAttempt(document, run, attempt);
  addOutputs(document, run, job);
  return document;
}

const emptyDocument = (base: string): ProvDocument => ({
  prefix: {
    prov: 'http://www.w3.org/ns/prov#',
    xsd: 'http://www.w3.org/2001/XMLSchema#',
    honua: 'urn:honua:provenance:',
    job: `${base}/jobs/`,
    process: `${base}/processes/`,
  },
  entity: {},
  activity: {},
  agent: {},
  used: {},
  wasGeneratedBy: {},
  wasDerivedFrom: {},
  wasAssociatedWith: {},
  actedOnBehalfOf: {},
  wasInformedBy: {},
});

/** Only what has a value: PROV-JSON knows no null. */
const given = (members: Record<string, Value | null | undefined>): Attributes =>
  Object.fromEntries(
    Object.entries(members).filter(
      (member): member is [string, Value] => member[1] !== null && member[1] !== undefined,
    ),
  );

function addAgents({ agent, actedOnBehalfOf }: ProvDocument, { user, tenant }: ProcessRun): void {
  agent['honua:caller'] = { 'prov:type': qualified('prov:Person'), 'honua:user': user };
  agent['honua:tenant'] = { 'prov:type': qualified('prov:Organization'), 'honua:id': tenant };
  agent['honua:service'] = {
    'prov:type': qualified('prov:SoftwareAgent'),
    'prov:label': 'Honua Geoprocessing',
  };
  actedOnBehalfOf['_:of'] = { 'prov:delegate': 'honua:caller', 'prov:responsible': 'honua:tenant' };
}

function addPlan({ entity }: ProvDocument, run: ProcessRun): void {
  entity['honua:process'] = {
    'prov:type': qualified('prov:Plan'),
    'prov:location': qualified(`process:${run.processId}`),
    'honua:version': run.processVersion,
    'honua:definitionSha256': run.definitionHash,
  };
}

function addInputs({ entity, used }: ProvDocument, { input }: ProcessRun, job: string): void {
  entity['honua:request'] = given({
    'prov:type': qualified('honua:Request'),
    'honua:sha256': input.sha256,
    'honua:bytes': input.size,
    'honua:mediaType': input.mediaType,
    'honua:artifact': input.key,
  });
  used['_:request'] = { 'prov:activity': job, 'prov:entity': 'honua:request' };
  (input.references ?? []).forEach(({ href, mediaType, size, sha256, layer }, index) => {
    const name = `honua:reference-${index}`;
    entity[name] = {
      'prov:type': qualified('honua:Reference'),
      'prov:location': uri(href),
      'honua:sha256': sha256,
      'honua:bytes': size,
      'honua:mediaType': mediaType,
      // Left in its table: the hash is that of its description.
      ...(layer?.inPlace && { 'honua:snapshot': layer.inPlace.snapshot }),
    };
    used[`_:reference-${index}`] = { 'prov:activity': job, 'prov:entity': name };
  });
}

const ENDS = new Set<RunEvent['kind']>(['requeued', 'succeeded', 'failed', 'cancelled']);

function attemptsOf(lines: RunEvent[]): Attempt[] {
  const attempts: Attempt[] = [];
  for (const line of lines) {
    const current = attempts.at(-1);
    if (line.kind === 'started') attempts.push({ number: line.attempt, began: line, fallBacks: [] });
    else if (current && line.kind === 'fell-back') current.fallBacks.push(line);
    else if (current && !current.ended && ENDS.has(line.kind)) current.ended = line;
  }
  return attempts;
}

function addAttempt(document: ProvDocument, run: ProcessRun, attempt: Attempt): void {
  const { number, began, ended, fallBacks } = attempt;
  const name = `honua:attempt-${number}`;
  const tried = [began, ...fallBacks].map(({ data }) => String(data.tier));
  const usage = (ended?.data.usage ?? {}) as Record<string, number>;
  document.activity[name] = given({
    'prov:type': qualified('honua:Attempt'),
    'prov:startTime': time(began.at),
    'prov:endTime': ended && time(ended.at),
    'honua:tier': tried.at(-1),
    'honua:tiersTried': tried.length > 1 ? tried.join(', ') : null,
    'honua:fellBackBecause': fallBacks.map(({ data }) => String(data.reason)).join('; ') || null,
    'honua:worker': began.data.worker as string | undefined,
    'honua:end': ended?.kind,
    'honua:reason': ended?.data.reason as string | undefined,
    'honua:wallMs': usage.wallMs,
    'honua:cpuMs': usage.cpuMs,
  });
  document.wasInformedBy[`_:attempt-${number}`] = {
    'prov:informed': name,
    'prov:informant': `job:${run.id}`,
  };
  document.wasAssociatedWith[`_:attempt-${number}`] = {
    'prov:activity': name,
    'prov:agent': 'honua:service',
  };
}

function addOutputs(document: ProvDocument, run: ProcessRun, job: string): void {
  for (const { id, sha256, size, mediaType, features } of run.outputs ?? []) {
    const name = `honua:output-${id}`;
    document.entity[name] = given({
      'prov:type': qualified('honua:Output'),
      'prov:location': qualified(`job:${run.id}/results/${id}`),
      'honua:sha256': sha256,
      'honua:bytes': size,
      'honua:mediaType': mediaType,
      'honua:features': features,
    });
    document.wasGeneratedBy[`_:${id}`] = given({
      'prov:entity': name,
      'prov:activity': job,
      'prov:time': run.completedAt && time(run.completedAt),
    });
    document.wasDerivedFrom[`_:${id}`] = {
      'prov:generatedEntity': name,
      'prov:usedEntity': 'honua:request',
    };
  }
}
