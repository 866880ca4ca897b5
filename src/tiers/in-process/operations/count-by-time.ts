import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { parseMoment } from '../../../registry/worker.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import type { Operation } from './operation.js';

const MOST_WINDOWS = 100_000;

/** How many features fall into each window of time; a window begins at its start, and ends before its end. */
export const countByTime: Operation = ({ expression, messages }) => {
  const { features } = expression.features('features');
  const attribute = expression.text('attribute')!;
  const stepMs = expression.number('interval')! * 1000;
  const found = features.map((feature) => momentOf(feature, attribute));
  const moments = found.filter((at) => at !== undefined);
  if (moments.length < found.length)
    messages.push({
      level: 'warning',
      text: `${found.length - moments.length} feature(s) have no date in ${attribute}: they are not counted.`,
    });
  if (moments.length === 0) throw wrong('features', `no feature has a date in ${attribute}`);
  const earliest = moments.reduce((least, one) => Math.min(least, one));
  const latest = moments.reduce((most, one) => Math.max(most, one));
  const from = expression.date('start')?.getTime() ?? earliest;
  const to = expression.date('end')?.getTime() ?? latest + 1;
  if (to <= from) throw wrong('end', 'must be later than the start');
  const windows = Math.ceil((to - from) / stepMs);
  if (windows > MOST_WINDOWS)
    throw new AppError('too-large', 'too-many-windows', `${windows} windows are more than ${MOST_WINDOWS}.`);
  const counts = Array.from({ length: windows }, () => 0);
  for (const at of moments) if (at >= from && at < to) counts[Math.floor((at - from) / stepMs)]! += 1;
  return {
    windows: counts.map((count, n) => ({
      start: new Date(from + n * stepMs).toISOString(),
      end: new Date(from + (n + 1) * stepMs).toISOString(),
      count,
    })),
    earliest: new Date(earliest).toISOString(),
    span: `PT${(latest - earliest) / 1000}S`,
  };
};

/** Milliseconds since 1970, of a date as text or of such a number. */
function momentOf({ properties }: FeatureRecord, attribute: string): number | undefined {
  const value = properties?.[attribute];
  if (typeof value === 'number' && Number.isFinite(new Date(value).getTime())) return value;
  return typeof value === 'string' ? parseMoment(value)?.getTime() : undefined;
}

const wrong = (input: string, message: string): AppError =>
  invalidInput(`/inputs/${input}: ${message}.`, [{ path: `/inputs/${input}`, message }]);
