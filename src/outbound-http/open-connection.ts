import { request as overHttp, type ClientRequest, type RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { OutboundError } from './outbound-error.js';
import { isPublicAddress } from './public-address.js';
import type { ResolveName } from './resolve-name.js';
import type { Target } from './target-policy.js';

/**
 * A request on a connection of its own to addresses that were checked, and are the ones connected to: a name is looked up
 * once, and what comes of it goes straight to the socket. No agent: nothing is kept, and no proxy of the environment used.
 */
export function openRequest(
  { url, host, literal, trusted }: Target,
  resolve: ResolveName,
  options: RequestOptions & { signal: AbortSignal },
): ClientRequest {
  const request = url.protocol === 'https:' ? overHttps : overHttp;
  return request({
    ...options,
    protocol: url.protocol,
    hostname: host,
    port: url.port || undefined,
    path: url.pathname + url.search,
    agent: false,
    rejectUnauthorized: true,
    ...(!literal && { lookup: checkedLookup(resolve, trusted, options.signal) }),
  } as RequestOptions);
}

/** One private address among the answers is enough: whoever mixes them in means no good. */
function checkedLookup(resolve: ResolveName, trusted: boolean, signal: AbortSignal): LookupFunction {
  const addressesOf = async (name: string): Promise<string[]> => {
    const addresses = await resolve(name, signal);
    if (addresses.length === 0) throw new OutboundError('unreachable', 'The host has no address.');
    if (!trusted && !addresses.every(isPublicAddress))
      throw new OutboundError('refused', 'This host is not public.');
    return addresses;
  };
  return (name, { all }, callback) => {
    addressesOf(name).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        if (all) callback(null, found);
        else callback(null, found[0]!.address, found[0]!.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}
