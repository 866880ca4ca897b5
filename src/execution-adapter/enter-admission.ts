import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { AdmissionGate, type Arrival, type Entry } from '../control-plane/index.js';
import type { Principal } from '../shared/principal.js';
import { tellQuota } from './rate-limit-fields.js';

/** Lets an execute request in by its head, and tells its caller what is left of the rate, whatever the answer will be. */
@Injectable()
export class EnterAdmission {
  constructor(private readonly gate: AdmissionGate) {}

  /** Answers how long the body may be. Throws AppError as admission refuses. */
  async enter(principal: Principal, arrival: Arrival, response: Response): Promise<Entry['body']> {
    const { body, rate, refusal } = await this.gate.enter(principal, arrival);
    if (rate) tellQuota(response, rate);
    if (refusal) throw refusal;
    return body;
  }
}
