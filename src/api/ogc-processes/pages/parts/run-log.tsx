import type { VNode } from 'preact';
import type { RunEvent } from '../../../../control-plane/index.js';
import { Moment } from '../../../../pages/index.js';

const SAID: Record<RunEvent['kind'], string> = {
  accepted: 'Accepted',
  started: 'Started',
  progressed: 'Progress',
  requeued: 'Back in the queue',
  approved: 'Approved',
  'fell-back': 'Fell back to another tier',
  'cancel-requested': 'Cancel was asked for',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
  dismissed: 'Removed',
  'callback-failed': 'A subscriber could not be told',
};

interface Message {
  level: string;
  text: string;
}

/** What the ledger tells of a run, oldest first. */
export const RunLog = ({ events }: { events: RunEvent[] }): VNode => (
  <ol class="log">
    {events.filter(isTold).map((event) => (
      <li data-kind={event.kind}>
        <Moment at={new Date(event.at).toISOString()} />
        <div>
          <strong>{SAID[event.kind]}</strong> {details(event)}
          {messagesOf(event).map(({ level, text }) => (
            <p class="message" data-level={level}>
              {text}
            </p>
          ))}
        </div>
      </li>
    ))}
  </ol>
);

/** Of progress in a row only the last is told. */
const isTold = ({ kind }: RunEvent, index: number, events: RunEvent[]): boolean =>
  kind !== 'progressed' || events[index + 1]?.kind !== 'progressed';

function details({ data, attempt }: RunEvent): string {
  return [
    typeof data.progress === 'number' && `${data.progress} %`,
    typeof data.tier === 'string' && `on ${data.tier}`,
    attempt > 1 && `(attempt ${attempt})`,
    typeof data.reason === 'string' && data.reason,
    typeof data.message === 'string' && data.message,
  ]
    .filter(Boolean)
    .join(' ');
}

const messagesOf = ({ data }: RunEvent): Message[] =>
  Array.isArray(data.messages) ? (data.messages as Message[]) : [];
