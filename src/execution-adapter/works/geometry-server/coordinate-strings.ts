import { WGS84 } from '../../../geometry-codecs/worker.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import { fault, type GeometryRequest } from './geometry-request.js';
import { angles } from './notations/angles.js';
import { gars, georef } from './notations/degree-grids.js';
import { type LonLat, type Notation, NotationFault } from './notations/notation.js';
import { mgrs, utm } from './notations/transverse-grids.js';
import { converter, type GeometryOperation } from './operation.js';

const NOTATIONS: Record<string, Notation> = {
  MGRS: mgrs,
  USNG: mgrs,
  UTM: utm,
  GeoRef: georef,
  GARS: gars,
  DMS: angles(3, 2),
  DDM: angles(2, 4),
  DD: angles(1, 6),
};
const NAMES = Object.keys(NOTATIONS);
/** Styles of grids that agree on everything this service writes; the other ones are for old ellipsoids. */
const MODES = [
  'mgrsDefault',
  'mgrsNewStyle',
  'mgrsNewWith180InZone01',
  'utmDefault',
  'utmNorthSouth',
] as const;
const LONGEST_TEXT = 100;

/** Positions as texts. */
export const toGeoCoordinateString: GeometryOperation = ({ request }) => {
  const convert = converter(request.requiredCrs('sr'), WGS84);
  const notation = notationOf(request);
  const mode = request.oneOf('conversionMode', MODES, 'mgrsDefault');
  const digits = request.has('numOfDigits') ? request.number('numOfDigits') : undefined;
  if (digits !== undefined && !(Number.isInteger(digits) && digits >= 0))
    throw fault('numOfDigits', 'must be a whole number, 0 or more');
  const style = {
    digits,
    rounding: !request.has('rounding') || request.flag('rounding'),
    spaces: !request.has('addSpaces') || request.flag('addSpaces'),
    northSouth: mode === 'utmNorthSouth',
  };
  const positions = each(request, 'coordinates', (one): LonLat => {
    if (!Array.isArray(one) || one.length < 2 || !one.slice(0, 2).every((value) => Number.isFinite(value)))
      throw new NotationFault('must be a position of two numbers');
    const moved = convert({ type: 'Point', coordinates: [Number(one[0]), Number(one[1])] });
    const [lon, lat] = moved.coordinates as LonLat;
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) throw new NotationFault('lies beyond the globe');
    return [lon, lat];
  });
  return { strings: told('coordinates', positions, (one) => notation.write(one, style)) };
};

/** Texts as positions. */
export const fromGeoCoordinateString: GeometryOperation = ({ request }) => {
  const convert = converter(WGS84, request.requiredCrs('sr'));
  const notation = notationOf(request);
  const coordinates = each(request, 'strings', (one) => {
    if (typeof one !== 'string' || one.length > LONGEST_TEXT) throw new NotationFault('must be a short text');
    const moved = convert({ type: 'Point', coordinates: notation.read(one) });
    return moved.coordinates;
  });
  return { coordinates };
};

const notationOf = (request: GeometryRequest): Notation => {
  if (!request.has('conversionType')) throw request.missing('conversionType');
  return NOTATIONS[request.oneOf('conversionType', NAMES, 'DD')]!;
};

function each<T>(request: GeometryRequest, name: string, work: (one: unknown) => T): T[] {
  const list = request.list(name);
  if (list.length > request.limits.maxFeatures)
    throw new AppError(
      'too-large',
      'too-many-geometries',
      `At most ${request.limits.maxFeatures} positions are taken in one request.`,
    );
  return told(name, list, work);
}

function told<T, R>(name: string, list: T[], work: (one: T) => R): R[] {
  return list.map((one, index) => {
    try {
      return work(one);
    } catch (error) {
      if (!(error instanceof NotationFault)) throw error;
      const path = `${name}/${index}`;
      throw invalidInput(`${path} ${error.message}`, [{ path: `/${path}`, message: error.message }]);
    }
  });
}
