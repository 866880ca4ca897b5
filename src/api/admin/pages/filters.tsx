import type { VNode } from 'preact';

/** A form that asks for the same page with what its fields say. `query`: what they say now. */
export const Filters = ({
  action,
  of,
  query,
}: {
  action: string;
  of: [name: string, label: string][];
  query: Record<string, unknown>;
}): VNode => (
  <form class="filters in-line" method="get" action={action}>
    {of.map(([name, label]) => (
      <div class="choices">
        <label for={name}>{label}</label>
        <input id={name} name={name} value={textOf(query[name])} />
      </div>
    ))}
    <input type="hidden" name="f" value="html" />
    <button class="small" type="submit">
      Show only these
    </button>
  </form>
);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
