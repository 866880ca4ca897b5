import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = join(import.meta.dirname, '..');
/** Browser modules are compiled, and places are written beside them; where the sources themselves run, under a test runner, the build's are taken. */
const compiled = join(here.replace(/([\\/])(?:dist[\\/])?src([\\/])pages$/, '$1dist$1src$2pages'), 'browser');

const MARKER_IMAGES = [
  'layers.png',
  'layers-2x.png',
  'marker-icon.png',
  'marker-icon-2x.png',
  'marker-shadow.png',
];
const FONTS = {
  'atkinson-hyperlegible-next': ['normal', 'italic'],
  'atkinson-hyperlegible-mono': ['normal'],
};

/** Everything that pages load, by the name they ask for it: where its file is. Nothing comes from another host. */
export function assetFiles(): Map<string, string> {
  return new Map([
    ...filesOf(join(here, 'styles'), /\.(?:css|svg)$/),
    ...filesOf(compiled, /\.js(?:on)?$/),
    ['leaflet.js', packaged('leaflet/dist/leaflet.js')],
    ['leaflet.css', packaged('leaflet/dist/leaflet.css')],
    ...MARKER_IMAGES.map((name) => [`images/${name}`, packaged(`leaflet/dist/images/${name}`)] as const),
    ['topojson.js', packaged('topojson-client/dist/topojson-client.min.js')],
    ['world-110m.json', packaged('world-atlas/countries-110m.json')],
    ['world-50m.json', packaged('world-atlas/countries-50m.json')],
    ...fontFiles(),
  ]);
}

const packaged = (path: string): string => fileURLToPath(import.meta.resolve(path));

const filesOf = (folder: string, kind: RegExp): [string, string][] =>
  readdirSync(folder)
    .filter((name) => kind.test(name))
    .map((name) => [name, join(folder, name)]);

const fontFiles = (): [string, string][] =>
  Object.entries(FONTS).flatMap(([font, styles]) =>
    ['latin', 'latin-ext'].flatMap((script) =>
      styles.map((style): [string, string] => {
        const name = `${font}-${script}-wght-${style}.woff2`;
        return [`fonts/${name}`, packaged(`@fontsource-variable/${font}/files/${name}`)];
      }),
    ),
  );
