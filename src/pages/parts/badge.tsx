import type { ComponentChildren, VNode } from 'preact';

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'busy';

/** A short state or kind; the colour only underlines what the text says. */
export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }): VNode => (
  <span class="badge" data-tone={tone}>
    {children}
  </span>
);
