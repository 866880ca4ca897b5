import type { ComponentChildren, VNode } from 'preact';

/** A part of a page under a heading of its own; `id` makes it a target of links. */
export const Section = ({
  id,
  title,
  children,
}: {
  id: string;
  title: ComponentChildren;
  children: ComponentChildren;
}): VNode => (
  <section class="section" aria-labelledby={`${id}-title`} id={id}>
    <h2 id={`${id}-title`}>{title}</h2>
    {children}
  </section>
);
