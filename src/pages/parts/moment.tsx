import type { VNode } from 'preact';

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'UTC',
});

/** A moment in UTC; `at` is RFC 3339. */
export const Moment = ({ at }: { at: string }): VNode => (
  <time dateTime={at}>{`${FORMAT.format(new Date(at))} UTC`}</time>
);
