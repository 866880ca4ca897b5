import type { Request } from 'express';
import type { ComponentChildren } from 'preact';
import type { PageFrame } from '../../../pages/index.js';
import type { Principal } from '../../../shared/principal.js';

/** Who is looking, and from where. */
export interface PageContext {
  request: Request;
  principal: Principal;
  /** Public root of this service. */
  base: string;
  /** The path of `base`, without a trailing slash: what the links of a page begin with. */
  root: string;
}

export interface Rendered {
  frame: Omit<PageFrame, 'root' | 'alternates'>;
  content: ComponentChildren;
}

/** A resource as a page: the same document that others get as JSON, for people. */
export interface PageView<Document = unknown> {
  render(document: Document, context: PageContext): Rendered | Promise<Rendered>;
}
