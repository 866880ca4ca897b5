import type { VNode } from 'preact';
import type { StatusInfo } from '../../status-info.js';
import { StatusBadge } from './status-badge.js';

/** How the run is getting on; `job-page.ts` keeps it up to date. */
export const RunProgress = ({ job }: { job: StatusInfo }): VNode => {
  const { status, message, progress, processID } = job;
  const moving = status === 'accepted' || status === 'running';
  return (
    <div class="run-state">
      <p class="run-line" role="status" aria-live="polite">
        <span data-part="status">
          <StatusBadge status={status} />
        </span>{' '}
        <span data-part="message">{message ?? ''}</span>
      </p>
      {moving && (
        <div class="run-meter">
          <progress max={100} value={progress} aria-label="Progress" />
          <span data-part="progress">{progress} %</span>
        </div>
      )}
      <div class="actions">
        {moving && (
          <button class="danger" type="button" data-do="cancel" hidden>
            Cancel this run
          </button>
        )}
        {!moving && status !== 'dismissed' && (
          <button class="danger small" type="button" data-do="remove" hidden>
            Remove this run and its results
          </button>
        )}
      </div>
      <p class="notice" data-tone="bad" data-part="trouble" role="alert" hidden />
      {moving && (
        <noscript>
          <p>Reload this page to see how {processID} is getting on.</p>
        </noscript>
      )}
    </div>
  );
};
