import type { VNode } from 'preact';

/** A value as indented JSON; it can be scrolled, also by keyboard. */
export const JsonBlock = ({ value, label }: { value: unknown; label: string }): VNode => (
  <pre class="code" tabIndex={0} role="region" aria-label={label}>
    {JSON.stringify(value, null, 2)}
  </pre>
);
