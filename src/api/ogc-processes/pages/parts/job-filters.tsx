import type { Request } from 'express';
import type { VNode } from 'preact';
import { JOB_STATUSES } from '../../status-info.js';
import { statusText } from './status-badge.js';

type Query = Request['query'];

interface Choice {
  text: string;
  /** Absent: no filter of this kind. */
  value?: string;
}

const HOUR_MS = 3_600_000;
const SPANS = [
  { text: 'Last hour', ms: HOUR_MS },
  { text: 'Last 24 hours', ms: 24 * HOUR_MS },
  { text: 'Last 7 days', ms: 7 * 24 * HOUR_MS },
];

/** Filters as links, so that each combination has an address; they work without a script. */
export function JobFilters(props: {
  query: Query;
  path: string;
  processes: { id: string; title: string }[];
}): VNode {
  const { query, path, processes } = props;
  const statuses = JOB_STATUSES.map((value) => ({ value, text: statusText(value) }));
  return (
    <div class="filters">
      <Choices
        name="status"
        label="Status"
        choices={[{ text: 'All' }, ...statuses]}
        query={query}
        path={path}
      />
      <Choices name="datetime" label="Created" choices={timeChoices(query)} query={query} path={path} />
      <ProcessChoice {...props} processes={processes} />
    </div>
  );
}

function timeChoices({ datetime }: Query): Choice[] {
  const choices: Choice[] = SPANS.map(({ text, ms }) => ({
    text,
    value: `${new Date(Math.floor(Date.now() / 60_000) * 60_000 - ms).toISOString()}/..`,
  }));
  const other =
    typeof datetime === 'string' && !choices.some(({ value }) => value === datetime)
      ? [{ text: datetime, value: datetime }]
      : [];
  return [{ text: 'Any time' }, ...choices, ...other];
}

function Choices(props: {
  name: string;
  label: string;
  choices: Choice[];
  query: Query;
  path: string;
}): VNode {
  const { name, label, choices, query, path } = props;
  return (
    <div class="choices">
      <span id={`by-${name}`}>{label}</span>
      <ul aria-labelledby={`by-${name}`}>
        {choices.map(({ text, value }) => (
          <li>
            <a
              href={address(path, query, name, value)}
              aria-current={query[name] === value ? 'true' : undefined}
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The list with one filter changed, from its first page. */
function address(path: string, query: Query, name: string, value: string | undefined): string {
  const next = new URLSearchParams(kept(query, name));
  if (value !== undefined) next.set(name, value);
  return next.size > 0 ? `${path}?${next}` : path;
}

/** The filters but one; where a page begins and its form are none. */
const kept = (query: Query, without: string): [string, string][] =>
  Object.entries(query).flatMap(([name, value]): [string, string][] =>
    [without, 'cursor', 'f'].includes(name) || typeof value !== 'string' ? [] : [[name, value]],
  );

function ProcessChoice({
  query,
  path,
  processes,
}: {
  query: Query;
  path: string;
  processes: { id: string; title: string }[];
}): VNode {
  const chosen = typeof query.processID === 'string' ? query.processID : undefined;
  return (
    <form class="choices" method="get" action={path}>
      {kept(query, 'processID').map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <label for="processID">Process</label>
      <select id="processID" name="processID">
        {processes.map(({ id, title }) => (
          <option value={id} selected={id === chosen}>
            {title}
          </option>
        ))}
      </select>
      <button class="small" type="submit">
        Show only these
      </button>
      {chosen && <a href={address(path, query, 'processID', undefined)}>All processes</a>}
    </form>
  );
}
