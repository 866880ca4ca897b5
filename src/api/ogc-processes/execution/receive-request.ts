import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '../../../artifacts/index.js';
import type { RunInput } from '../../../execution/index.js';
import { discardBody, EnterAdmission, requireJsonBody, spoolBody } from '../../../execution-adapter/index.js';
import { modeOf } from '../prefer.js';
import type { Exchange } from './execution-answers.js';

/** Takes the bodies of execute requests in, unread. */
@Injectable()
export class ReceiveRequest {
  constructor(
    private readonly store: ArtifactStore,
    private readonly admission: EnterAdmission,
  ) {}

  /** Throws AppError `unsupported-media-type`, before a byte is read, `too-large`, and as admission refuses by the head. */
  async take({ request, response, principal, processId, headers }: Exchange): Promise<RunInput> {
    const mediaType = requireJsonBody(request.headers);
    const arrival = {
      processId,
      mode: modeOf(headers.prefer),
      keyed: headers.idempotencyKey !== undefined,
      dryRun: headers.dryRun,
    };
    const limits = await this.admission.enter(principal, arrival, response);
    return { surface: 'ogc-processes', mediaType, payload: await spoolBody(request, limits, this.store) };
  }

  /** Forgets a body that no run took over. */
  async forget({ payload }: RunInput): Promise<void> {
    await discardBody(payload, this.store);
  }
}
