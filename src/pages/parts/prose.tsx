import type { VNode } from 'preact';

/** A text in which whatever stands between backticks is code. */
export const Prose = ({ text }: { text: string }): VNode => (
  <>{text.split('`').map((part, index) => (index % 2 === 0 ? part : <code>{part}</code>))}</>
);
