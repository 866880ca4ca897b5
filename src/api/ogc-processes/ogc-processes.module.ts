import { Module } from '@nestjs/common';
import { ControlPlaneModule } from '../../control-plane/index.js';
import { BaseUrl, EnterAdmission, WaitForRun } from '../../execution-adapter/index.js';
import { SubscriberVoice } from './callbacks/subscriber-voice.js';
import { JobEventsController } from './events/job-events.controller.js';
import { ExecutionAnswers } from './execution/execution-answers.js';
import { ExecutionController } from './execution/execution.controller.js';
import { ReceiveRequest } from './execution/receive-request.js';
import { Submitter } from './execution/submitter.js';
import { JobChildrenController } from './job-children.controller.js';
import { JobLogController } from './job-log.controller.js';
import { JobResultsController } from './job-results.controller.js';
import { JobsController } from './jobs.controller.js';
import { LandingController } from './landing.controller.js';
import { LayersController } from './layers/layers.controller.js';
import { Negotiation } from './negotiation/also-as-page.js';
import { PageMaker } from './negotiation/page-maker.js';
import { views } from './pages/views.js';
import { ProblemAnswers } from './problem/problem-answers.js';
import { ProcessesController } from './processes.controller.js';
import { ProvenanceController } from './provenance/provenance.controller.js';
import { ArrayResultsReader } from './results/array-results.js';
import { ResultsWriter } from './results/results-writer.js';

/** OGC API - Processes 1.0. Its problem documents are also the answer to errors that no other protocol owns. */
@Module({
  imports: [ControlPlaneModule],
  controllers: [
    LandingController,
    ProcessesController,
    ExecutionController,
    JobsController,
    JobChildrenController,
    JobLogController,
    JobResultsController,
    JobEventsController,
    ProvenanceController,
    LayersController,
  ],
  providers: [
    BaseUrl,
    PageMaker,
    Negotiation,
    ...views,
    ResultsWriter,
    ArrayResultsReader,
    EnterAdmission,
    WaitForRun,
    ReceiveRequest,
    Submitter,
    ExecutionAnswers,
    SubscriberVoice,
    ProblemAnswers,
  ],
  exports: [ProblemAnswers],
})
export class OgcProcessesModule {}
