/** `host`, `host:port`, `[v6]:port`: a Host header that may go into a link. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * The root of this service as its clients see it, without a trailing slash. A configured URL wins; else the address
 * that the client itself used, so that links work from wherever it stands.
 */
export function publicUrl(configured: string | null, request: { protocol: string; host?: string }): string {
  if (configured) return configured.replace(/\/+$/, '');
  const { host } = request;
  return `${request.protocol}://${host && HOST.test(host) ? host : 'localhost'}`;
}
