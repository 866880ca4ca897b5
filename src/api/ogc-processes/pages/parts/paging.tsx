import type { VNode } from 'preact';

/** The way to the pages before and after this one, where there are any. */
export const Paging = ({ prev, next }: { prev?: string; next?: string }): VNode | null =>
  prev || next ? (
    <nav class="paging" aria-label="Pages of this list">
      {prev && (
        <a class="button" rel="prev" href={prev}>
          Previous page
        </a>
      )}
      {next && (
        <a class="button" rel="next" href={next}>
          Next page
        </a>
      )}
    </nav>
  ) : null;
