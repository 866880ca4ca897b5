import type { RunEvent } from '../../../control-plane/index.js';
import type { RunMessage } from '../../../execution/index.js';

export interface GpMessage {
  type: `esriJobMessageType${'Informative' | 'Warning' | 'Error'}`;
  description: string;
}

const TYPES: Record<RunMessage['level'], GpMessage['type']> = {
  info: 'esriJobMessageTypeInformative',
  warning: 'esriJobMessageTypeWarning',
  error: 'esriJobMessageTypeError',
};

/** What a run's ledger tells, in order: what happened when, and all that the operation had to say. */
export function messagesOf(events: RunEvent[]): GpMessage[] {
  return events.flatMap((event) => {
    const own = Array.isArray(event.data.messages) ? (event.data.messages as RunMessage[]) : [];
    const told = own.map(({ level, text }): GpMessage => ({ type: TYPES[level], description: text }));
    return [...told, ...moment(event)];
  });
}

function moment({ kind, at, data }: RunEvent): GpMessage[] {
  const time = at.toISOString();
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  const say = (description: string, level: RunMessage['level'] = 'info'): GpMessage[] => [
    { type: TYPES[level], description },
  ];
  switch (kind) {
    case 'accepted':
      return say(`Submitted: ${time}`);
    case 'started':
      return say(`Started: ${time}${text('tier') && ` (${text('tier')})`}`);
    case 'approved':
      return say(`Approved: ${time}`);
    case 'requeued':
      return say(`Interrupted, and waiting again: ${time}`, 'warning');
    case 'fell-back':
      return say(`Moved to ${text('tier')}: ${text('reason')}`, 'warning');
    case 'cancel-requested':
      return say(`Cancel requested: ${time}`);
    case 'succeeded':
      return say(`Succeeded: ${time}`);
    case 'failed':
      return [...say(text('message') || 'The task failed.', 'error'), ...say(`Failed: ${time}`)];
    case 'cancelled':
      return say(`Cancelled: ${time}`);
    case 'callback-failed':
      return say(`A subscriber was not told: ${text('message')}`, 'warning');
    case 'progressed':
    case 'dismissed':
      return [];
  }
}
