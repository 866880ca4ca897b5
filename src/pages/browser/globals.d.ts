/** From `topojson.js`, a classic script of every page with a map. Leaflet's `L` declares itself. */
declare const topojson: typeof import('topojson-client');
