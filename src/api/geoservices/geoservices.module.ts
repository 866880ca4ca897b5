import { Module } from '@nestjs/common';
import { BaseUrl, WaitForRun } from '../../execution-adapter/index.js';
import { Answers } from './answer/answers.js';
import { DirectoryController } from './directory/directory.controller.js';
import { TokensController } from './directory/tokens.controller.js';
import { NowhereController } from './directory/nowhere.controller.js';
import { EnvelopeAnswers } from './errors/envelope-answers.js';
import { GeometryCalls } from './geometry-server/geometry-calls.js';
import { GeometryServerController } from './geometry-server/geometry-server.controller.js';
import { GpExecutionController } from './gp-server/execution.controller.js';
import { GpValues } from './gp-server/gp-values.js';
import { GpJobsController } from './gp-server/jobs.controller.js';
import { Jobs } from './gp-server/jobs.js';
import { ParameterAnswers } from './gp-server/parameter-answers.js';
import { GpServiceController } from './gp-server/service.controller.js';
import { SubmitTask } from './gp-server/submit-task.js';
import { GpUploadsController } from './gp-server/uploads.controller.js';
import { Tasks } from './gp-server/tasks.js';
import { TakeRequest } from './request/take-request.js';

/** Esri's GeoServices REST. A controller that takes what is left comes last. */
@Module({
  controllers: [
    DirectoryController,
    TokensController,
    GpUploadsController,
    GpJobsController,
    GpExecutionController,
    GpServiceController,
    GeometryServerController,
    NowhereController,
  ],
  providers: [
    BaseUrl,
    WaitForRun,
    TakeRequest,
    Answers,
    EnvelopeAnswers,
    Tasks,
    SubmitTask,
    Jobs,
    GpValues,
    ParameterAnswers,
    GeometryCalls,
  ],
  exports: [EnvelopeAnswers],
})
export class GeoservicesModule {}
