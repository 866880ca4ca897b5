import type { VNode } from 'preact';

/** The sign of the service: an island in contour lines. */
export const Mark = (): VNode => (
  <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <path d="M4 19c-2-7 4-15 12-15s13 5 12 12-6 12-12 12S6 26 4 19Z" />
    <path d="M8 18c-1-5 3-10 8.5-10S25 11 24.5 16 20 24 16 24s-7-2-8-6Z" />
    <path d="M12 17c-.5-3 1.5-5.5 4.5-5.5s5 2 4.5 4.5-2.5 4.5-4.5 4.5-4-1.5-4.5-3.5Z" />
  </svg>
);
