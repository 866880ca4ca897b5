/** Durations and sizes as people write them in configuration: `200ms`, `30s`, `PT5M`, `100MiB`. */

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const ISO = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of `200ms`, `30s`, `5m`, `6h`, `7d` or an ISO 8601 duration; undefined if it is neither. */
export function parseDuration(text: string): number | undefined {
  const short = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (short) return Number(short[1]) * UNIT_MS[short[2]!]!;
  const iso = ISO.exec(text);
  if (!iso || text.endsWith('P') || text.endsWith('T')) return undefined;
  const [d, h, m, s] = iso.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  return d * UNIT_MS.d! + h * UNIT_MS.h! + m * UNIT_MS.m! + s * UNIT_MS.s!;
}

const UNIT_BYTES: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Bytes of `512B`, `64KiB`, `100MiB`, `5GiB`; undefined if it is none. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?(B|KiB|MiB|GiB)$/.exec(text);
  return match ? Math.round(Number(match[1]) * UNIT_BYTES[match[2]!]!) : undefined;
}
