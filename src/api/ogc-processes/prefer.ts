/** What a Prefer header (RFC 7240) asks for; everything unknown in it is ignored, as the RFC says. */
export interface Preferences {
  respondAsync: boolean;
  /** Seconds that the caller is willing to wait. */
  wait?: number;
  return?: 'minimal' | 'representation';
  strict: boolean;
  dryRun: boolean;
  /** Preferences that are not understood, or not in that form: ignored, unless handling is strict. */
  others: string[];
}

const HANDLING = ['strict', 'lenient'];
const RETURN = ['minimal', 'representation'] as const;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Splits at a separator that stands outside quoted strings. */
function split(text: string, separator: ',' | ';'): string[] {
  const parts = [''];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') quoted = !quoted;
    if (character === '\\' && quoted) parts[parts.length - 1] += character + (text[++at] ?? '');
    else if (character === separator && !quoted) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** `name`, `name=value` or `name="value"`; undefined where it is none. An empty value is no value. */
function pair(text: string): [string, string] | undefined {
  const [name, ...rest] = text.split('=');
  const key = name!.trim().toLowerCase();
  const value = rest.join('=').trim();
  if (!TOKEN.test(key)) return undefined;
  const quoted = /^"(.*)"$/s.exec(value);
  return [key, quoted ? quoted[1]!.replaceAll(/\\(.)/g, '$1') : value];
}

/** The first of repeated preferences counts (RFC 7240 §2). Parameters count as preferences only for `dry-run`. */
export function parsePrefer(header: string | undefined): Preferences {
  const found = new Map<string, string>();
  for (const preference of split(header ?? '', ',')) {
    const [own, ...parameters] = split(preference, ';').map(pair);
    if (!own) continue;
    if (!found.has(own[0])) found.set(own[0], own[1]);
    if (parameters.some((parameter) => parameter?.[0] === 'dry-run')) found.set('dry-run', '');
  }
  const lower = (name: string): string | undefined => found.get(name)?.toLowerCase();
  const wait = found.get('wait');
  const waits = wait !== undefined && /^\d{1,9}$/.test(wait);
  const shape = RETURN.find((value) => value === lower('return'));
  const understood: Record<string, boolean> = {
    'respond-async': true,
    'dry-run': true,
    wait: waits,
    return: shape !== undefined,
    handling: HANDLING.includes(lower('handling') ?? ''),
  };
  return {
    respondAsync: found.has('respond-async'),
    ...(waits && { wait: Number(wait) }),
    ...(shape && { return: shape }),
    strict: lower('handling') === 'strict',
    dryRun: found.has('dry-run'),
    others: [...found.keys()].filter((name) => !Object.hasOwn(understood, name) || !understood[name]),
  };
}

/**
 * The Preference-Applied header (RFC 7240 §3) of an answer, if any preference made it what it is. `async`: it is a job
 * that goes on; `waited`: the answer was waited for.
 */
export function preferencesApplied(
  prefer: Preferences,
  { async, waited }: { async: boolean; waited: boolean },
): string | undefined {
  const applied = [
    ...(prefer.respondAsync && async ? ['respond-async'] : []),
    ...(prefer.wait !== undefined && waited ? [`wait=${prefer.wait}`] : []),
    ...(prefer.return ? [`return=${prefer.return}`] : []),
    ...(prefer.strict ? ['handling=strict'] : []),
    ...(prefer.dryRun ? ['dry-run'] : []),
  ];
  return applied.join(', ') || undefined;
}

/** A caller who says how long it would wait wants the answer at once if that is possible. */
export const modeOf = ({ respondAsync, wait }: Preferences): 'async' | undefined =>
  respondAsync && wait === undefined ? 'async' : undefined;
