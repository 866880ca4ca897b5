import { GEOMETRY_SERVICES } from '../geometry-server/geometry-services.js';
import { GP_SERVICES } from '../gp-server/services.js';

/** Where the protocol lives; the shorter one is for clients that were told so. */
export const PREFIXES = ['arcgis/rest', 'rest'];

/** The version of Esri's own server whose answers these are. Clients decide by it what they may ask. */
export const CURRENT_VERSION = 11.2;

export interface ServerInfo {
  currentVersion: number;
  fullVersion: string;
  authInfo: { isTokenBasedSecurity: boolean; tokenServicesUrl?: string; shortLivedTokenValidity?: number };
}

/** `base` is the public root of this service; `tokenMinutes` are absent where it is open to everybody. */
export const serverInfo = (base: string, tokenMinutes: number | undefined): ServerInfo => ({
  currentVersion: CURRENT_VERSION,
  fullVersion: '11.2.0',
  authInfo:
    tokenMinutes === undefined
      ? { isTokenBasedSecurity: false }
      : {
          isTokenBasedSecurity: true,
          tokenServicesUrl: `${base}/arcgis/tokens/`,
          shortLivedTokenValidity: tokenMinutes,
        },
});

export interface ServicesDocument {
  currentVersion: number;
  folders: string[];
  services: { name: string; type: string }[];
}

/** What there is in the root or in a folder; every service of this protocol has its line here. */
export function servicesDocument(folder = ''): ServicesDocument {
  const all = [
    ...GP_SERVICES.map(({ name }) => ({ name, type: 'GPServer' })),
    ...GEOMETRY_SERVICES.map((name) => ({ name, type: 'GeometryServer' })),
  ];
  const folderOf = ({ name }: { name: string }): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));
  const folders = [...new Set(all.map(folderOf))].filter((one) => one !== '');
  return {
    currentVersion: CURRENT_VERSION,
    folders: folder === '' ? folders : [],
    services: all.filter((one) => folderOf(one) === folder),
  };
}
