/**
 * `refused`: the target may not be called, and no connection was made. `unreachable`: no whole answer came.
 * `redirected`: it answered with a redirect, and none is followed.
 */
export type OutboundFailure = 'refused' | 'unreachable' | 'timeout' | 'too-large' | 'redirected';

/** Why a call out failed. The message is for the caller who gave the URL: it never names an address we resolved. */
export class OutboundError extends Error {
  constructor(
    readonly reason: OutboundFailure,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'OutboundError';
  }
}
