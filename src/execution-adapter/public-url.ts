/** `host`, `host:port`, `[v6]:port`: a Host header that may go into a link. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const PREFIX = /^(?:\/[A-Za-z0-9._~-]+)+$/;

/** Where a request was sent to, as far as it is known here; `prefix` is the path that a proxy took away. */
export interface RequestAddress {
  protocol: string;
  host?: string;
  prefix?: string;
}

/**
 * The root of this service as its clients see it, without a trailing slash. A configured URL wins; else the address
 * that the client itself used, so that links work from wherever it stands.
 */
export function publicUrl(configured: string | null, { protocol, host, prefix }: RequestAddress): string {
  if (configured) return configured.replace(/\/+$/, '');
  const path = prefix?.replace(/\/+$/, '') ?? '';
  return `${protocol}://${host && HOST.test(host) ? host : 'localhost'}${PREFIX.test(path) ? path : ''}`;
}
