import { isIP } from 'node:net';
import { OutboundError } from './outbound-error.js';
import { isPublicAddress } from './public-address.js';

export interface OutboundPolicy {
  /** `host`, `host:port` or `*.domain[:port]` that may be called wherever they lead. */
  allow: string[];
  /** Nothing but what is on the list. */
  onlyAllowed: boolean;
  /** Ports of everybody else. */
  ports: number[];
}

/** A URL that may be called, as far as can be said without looking its name up. */
export interface Target {
  url: URL;
  /** Without the brackets of an IPv6 address. */
  host: string;
  /** The host is an address: there is no name to look up. */
  literal: boolean;
  /** The operator named it: it may be private. */
  trusted: boolean;
}

const LONGEST_URL = 4096;
const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443 };
const refused = (message: string): OutboundError => new OutboundError('refused', message);

/** Judges a URL by its text alone. Throws OutboundError `refused`. */
export function judgeTarget(text: string, policy: OutboundPolicy): Target {
  const url = readUrl(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || DEFAULT_PORT[url.protocol]!;
  const literal = isIP(host) !== 0;
  const trusted = policy.allow.some((pattern) => matches(pattern, host, port));
  if (!trusted) {
    if (policy.onlyAllowed) throw refused('This host is not on the list of those that may be called.');
    if (!policy.ports.includes(port)) throw refused('This port may not be called.');
    if (literal && !isPublicAddress(host)) throw refused('This address is not public.');
    if (host === 'localhost' || host.endsWith('.localhost')) throw refused('This host is not public.');
  }
  return { url, host, literal, trusted };
}

/**
 * Only what is written as it is read: a host that a parser turns into another text (127.1, 0x7f.1, 2130706433, %31, full-width
 * digits, backslashes, tabs, a trailing dot) was written to be read differently by somebody.
 */
function readUrl(text: string): URL {
  if (text.length > LONGEST_URL) throw refused(`A URL may have at most ${LONGEST_URL} characters.`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw refused('This is no URL.');
  if (!(url.protocol in DEFAULT_PORT)) throw refused('Only http and https are called.');
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (authority === undefined) throw refused('This is no URL with a host.');
  if (authority.includes('@')) throw refused('A URL with a user name or password is not called.');
  const written = authority.toLowerCase();
  if (written !== url.host && written !== `${url.hostname}:${DEFAULT_PORT[url.protocol]}`)
    throw refused('The host of this URL is not written in its plain form.');
  if (url.hostname.endsWith('.')) throw refused('The host of this URL ends with a dot.');
  return url;
}

function matches(pattern: string, host: string, port: number): boolean {
  const [, name, wanted] = /^(.*?|\[.*\])(?::(\d+))?$/.exec(pattern.toLowerCase())!;
  if (wanted !== undefined && Number(wanted) !== port) return false;
  const plain = name!.replace(/^\[|\]$/g, '');
  return plain.startsWith('*.') ? host.endsWith(plain.slice(1)) : host === plain;
}
