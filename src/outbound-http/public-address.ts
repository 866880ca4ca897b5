import ipaddr from 'ipaddr.js';

/** All of IPv6 that is given out for use on the public network (RFC 4291 §2.4, IANA's registry). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether anybody on the Internet could reach the address. Addresses that stand for another one (IPv4-mapped, NAT64, 6to4,
 * Teredo) are not public, whatever they stand for: a gateway might lead them anywhere.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}
