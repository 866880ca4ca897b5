import type { ComponentChildren, VNode } from 'preact';

/** Names and their values; a value that is undefined or null is left out with its name. */
export const Facts = ({ of }: { of: [name: string, value: ComponentChildren][] }): VNode => (
  <dl class="facts">
    {of
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
  </dl>
);
