const WGS84 = '+datum=WGS84 +no_defs';
const GRS80 = '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs';

/**
 * The systems this service computes in by itself. Each is compared with PROJ (through PostGIS) by a test; systems whose
 * accuracy needs a grid file are left out on purpose, since without the grid they would be metres off.
 */
const SINGLE: Record<string, string> = {
  'OGC:CRS84': `+proj=longlat ${WGS84}`,
  'EPSG:4326': `+proj=longlat ${WGS84}`,
  'EPSG:4258': `+proj=longlat ${GRS80}`,
  'EPSG:4269': `+proj=longlat ${GRS80}`,
  'EPSG:3857':
    '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
  'EPSG:3395': `+proj=merc +lon_0=0 +k=1 +x_0=0 +y_0=0 +units=m ${WGS84}`,
  'EPSG:6933': `+proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0 +units=m ${WGS84}`,
  'EPSG:8857': `+proj=eqearth +lon_0=0 +x_0=0 +y_0=0 +units=m ${WGS84}`,
  'EPSG:3413': `+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +x_0=0 +y_0=0 +units=m ${WGS84}`,
  'EPSG:3995': `+proj=stere +lat_0=90 +lat_ts=71 +lon_0=0 +x_0=0 +y_0=0 +units=m ${WGS84}`,
  'EPSG:3031': `+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +x_0=0 +y_0=0 +units=m ${WGS84}`,
  'EPSG:3976': `+proj=stere +lat_0=-90 +lat_ts=-70 +lon_0=0 +x_0=0 +y_0=0 +units=m ${WGS84}`,
  'EPSG:3035': `+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +units=m ${GRS80}`,
  'EPSG:3034': `+proj=lcc +lat_0=52 +lon_0=10 +lat_1=35 +lat_2=65 +x_0=4000000 +y_0=2800000 +units=m ${GRS80}`,
  'EPSG:2154': `+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +units=m ${GRS80}`,
  'EPSG:2056':
    '+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 +y_0=1200000 +ellps=bessel +towgs84=674.374,15.056,405.346,0,0,0,0 +units=m +no_defs',
  'EPSG:21781':
    '+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=600000 +y_0=200000 +ellps=bessel +towgs84=674.374,15.056,405.346,0,0,0,0 +units=m +no_defs',
  'EPSG:2180': `+proj=tmerc +lat_0=0 +lon_0=19 +k=0.9993 +x_0=500000 +y_0=-5300000 +units=m ${GRS80}`,
  'EPSG:3006': `+proj=utm +zone=33 +units=m ${GRS80}`,
  'EPSG:3067': `+proj=utm +zone=35 +units=m ${GRS80}`,
  'EPSG:5070': `+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +units=m ${GRS80}`,
  'EPSG:3310': `+proj=aea +lat_0=0 +lon_0=-120 +lat_1=34 +lat_2=40.5 +x_0=0 +y_0=-4000000 +units=m ${GRS80}`,
  'EPSG:3347': `+proj=lcc +lat_0=63.390675 +lon_0=-91.8666666666667 +lat_1=49 +lat_2=77 +x_0=6200000 +y_0=3000000 +units=m ${GRS80}`,
  'EPSG:2263': `+proj=lcc +lat_0=40.1666666666667 +lon_0=-74 +lat_1=41.0333333333333 +lat_2=40.6666666666667 +x_0=300000 +y_0=0 +units=us-ft ${GRS80}`,
  'EPSG:2193': `+proj=tmerc +lat_0=0 +lon_0=173 +k=0.9996 +x_0=1600000 +y_0=10000000 +units=m ${GRS80}`,
  'EPSG:3577': `+proj=aea +lat_0=0 +lon_0=132 +lat_1=-18 +lat_2=-36 +x_0=0 +y_0=0 +units=m ${GRS80}`,
};

/** Runs of UTM zones: the code of zone z is base + z. */
const UTM: { base: number; from: number; to: number; suffix: string }[] = [
  { base: 32600, from: 1, to: 60, suffix: WGS84 },
  { base: 32700, from: 1, to: 60, suffix: `+south ${WGS84}` },
  { base: 25800, from: 28, to: 38, suffix: GRS80 },
  // Zones 1 to 5, about the Aleutians, are up to a metre off: PROJ takes another step between NAD83 and WGS 84 there.
  { base: 26900, from: 6, to: 23, suffix: GRS80 },
];

const NEEDS_GRIDS = new Set([
  'EPSG:27700',
  'EPSG:4277',
  'EPSG:4267',
  'EPSG:31467',
  'EPSG:31466',
  'EPSG:31468',
  'EPSG:4314',
]);

/** The PROJ string of a supported system. */
export function projDefinition(name: string): string | undefined {
  if (Object.hasOwn(SINGLE, name)) return SINGLE[name];
  const code = Number(name.slice('EPSG:'.length));
  const run = UTM.find(({ base, from, to }) => code >= base + from && code <= base + to);
  return run && `+proj=utm +zone=${code - run.base} ${run.suffix} +units=m`;
}

export function refusal(name: string): string {
  return NEEDS_GRIDS.has(name)
    ? `${name} needs grid files to be accurate, which this service does not have; ask for another system`
    : `${name} is not supported; send longitude and latitude, or another projected system such as a UTM zone`;
}

/** For the test that compares every definition with PROJ. */
export const supportedCrs = (): string[] => [
  ...Object.keys(SINGLE),
  ...UTM.flatMap(({ base, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, i) => `EPSG:${base + from + i}`),
  ),
];
