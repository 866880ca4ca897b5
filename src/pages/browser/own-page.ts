const COOKIE = 'honua-csrf';

/** The headers by which the server knows that a request comes from a page of its own: no other page can read the cookie. */
export function ownPage(): Record<string, string> {
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${COOKIE}=`));
  return found ? { 'x-csrf-token': found.slice(COOKIE.length + 1) } : {};
}
