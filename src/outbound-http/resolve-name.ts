import { Resolver, lookup } from 'node:dns/promises';

/** The addresses of a name, in the order they should be tried. Rejects where there are none. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<string[]>;

const TRY_MS = 2_000;
const TRIES = 2;

/**
 * Asks DNS alone, for names that strangers gave: no hosts file, no search domains, and no thread of the pool that files
 * are read with, which a slow name server could otherwise use up.
 */
export const resolveByDns: ResolveName = async (name, signal) => {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length === 0) throw (answers[0] as PromiseRejectedResult).reason;
    return found;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

/** As this machine looks names up, hosts file and all: for names that the operator gave. */
export const resolveBySystem: ResolveName = async (name) =>
  (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address);
