import {
  arrayEntries,
  geometryServerWork,
  readGeoservicesRequest,
  readOgcExecuteRequest,
  writeGeoservicesInput,
  writeGeoservicesOutput,
} from './execution-adapter/worker.js';
import { ARRAY_WORK } from './execution/worker.js';
import { answer, ground, OutputStyle, prepareThread, requestReader } from './tiers/in-process/worker.js';
import type { ThreadTask } from './tiers/in-process/worker.js';
import { STAGE_WORK, stageInput } from './tiers/cloud-batch/worker.js';
import { postgisInput, postgisOutput, READ_WORK, WRITE_WORK } from './tiers/postgis/worker.js';

/** What runs in a compute thread: the composition root of that side, as app.module.ts is of the server's. */
const readers = { 'ogc-processes': readOgcExecuteRequest, geoservices: readGeoservicesRequest };
const thread = prepareThread(readers, {
  [ARRAY_WORK]: arrayEntries,
  'geoservices-output': writeGeoservicesOutput,
  'geoservices-input': writeGeoservicesInput,
  'geometry-server': geometryServerWork(ground),
  [READ_WORK]: postgisInput(requestReader(readers)),
  [STAGE_WORK]: stageInput(requestReader(readers)),
  [WRITE_WORK]: postgisOutput(OutputStyle),
});

export const compute = async (task: ThreadTask): Promise<void> => answer(await thread, task);

/** Proves that a thread answers and its engine computes. */
export const ping = async (): Promise<true> => (await thread).alive();
