import type { VNode } from 'preact';

export interface ListedLink {
  href: string;
  title: string;
  rel?: string;
  type?: string;
}

/** Links, each with its relation and media type. */
export const LinkList = ({ links }: { links: ListedLink[] }): VNode => (
  <ul class="links">
    {links.map(({ href, title, rel, type }) => (
      <li>
        <a href={href} rel={rel} type={type}>
          {title}
        </a>
        {(rel ?? type) && <span class="about">{[rel, type].filter(Boolean).join(' · ')}</span>}
      </li>
    ))}
  </ul>
);
