import { usageFailure } from '../failure.js';
import { Credential } from './credential.js';
import { type Environment, type Profile, profilesPath, readProfiles } from './profiles.js';

const DEFAULT_SERVER = 'http://localhost:3000';
const DEFAULT_PROFILE = 'default';

export interface Connection {
  url: string;
  credential?: Credential;
}

/**
 * Which server, and as whom: by `--server`, then a profile that was named, then the environment, then the profile
 * `default`. The credential of a profile is for the server of that profile and goes to no other.
 */
export function chooseConnection(
  { server, profile: named }: { server?: string; profile?: string },
  env: Environment,
): Connection {
  const path = profilesPath(env);
  const profiles = readProfiles(path);
  const profile = profiles.get(named ?? DEFAULT_PROFILE) ?? {};
  if (named !== undefined && !profiles.has(named))
    throw usageFailure(`There is no profile ${named} in ${path}.`, known([...profiles.keys()]));
  const profileFirst = named !== undefined;
  const [first, second] = profileFirst
    ? [profile.server, env.HONUA_SERVER]
    : [env.HONUA_SERVER, profile.server];
  const url = rootOf(server || first || second || DEFAULT_SERVER);
  const own = isFor(profile, url) ? ofProfile(profile, path) : undefined;
  const given = ofEnvironment(env);
  return { url, credential: profileFirst ? (own ?? given) : (given ?? own) };
}

const isFor = ({ server }: Profile, url: string): boolean => server !== undefined && rootOf(server) === url;

const known = (names: string[]): string[] => (names.length > 0 ? [`It has: ${names.join(', ')}`] : []);

const ofProfile = ({ apiKey, token }: Profile, path: string): Credential | undefined =>
  only({ value: apiKey, source: `apiKey in ${path}` }, { value: token, source: `token in ${path}` });

const ofEnvironment = ({ HONUA_API_KEY, HONUA_TOKEN }: Environment): Credential | undefined =>
  only({ value: HONUA_API_KEY, source: 'HONUA_API_KEY' }, { value: HONUA_TOKEN, source: 'HONUA_TOKEN' });

interface Given {
  value?: string;
  source: string;
}

function only(key: Given, token: Given): Credential | undefined {
  if (key.value && token.value)
    throw usageFailure(`${key.source} and ${token.source}: only one of them can be used.`);
  if (key.value) return new Credential('key', key.value, key.source);
  return token.value ? new Credential('token', token.value, token.source) : undefined;
}

/** A URL without a slash at its end. One with a password in it is not said back. */
function rootOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw usageFailure(`The server must be an http: or https: URL, such as ${DEFAULT_SERVER}.`);
  if (url.username || url.password)
    throw usageFailure(
      'The URL of the server may have no user and password: use a key, a token or a profile.',
    );
  if (url.search || url.hash) throw usageFailure('The URL of the server ends with its path.');
  return url.href.replace(/\/+$/, '');
}
