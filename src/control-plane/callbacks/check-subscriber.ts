import type { RequestOptions } from '../../execution/index.js';
import { OutboundError, type OutboundHttp } from '../../outbound-http/index.js';
import { AppError, type Fault } from '../../shared/app-error.js';

/** Refuses a subscriber that could never be called. Nothing is resolved or connected to. Throws AppError. */
export function checkSubscriber(subscriber: RequestOptions['subscriber'], http: OutboundHttp): void {
  const faults = Object.entries(subscriber ?? {}).flatMap(([name, uri]): Fault[] => {
    try {
      http.check(uri);
      return [];
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return [{ path: `/subscriber/${name}`, message: error.message }];
    }
  });
  if (faults.length === 0) return;
  const [{ path, message }] = faults as [Fault];
  throw new AppError('invalid-input', 'callback-refused', `${path}: ${message}`, { faults });
}
