import { expect, it } from 'vitest';
import { AssetTable, assetPath, assetTable } from './asset-table.js';

it('has everything that style sheets and modules refer to', () => {
  for (const name of assetTable().names) {
    if (!/\.(?:css|js)$/.test(name) || /^(?:leaflet|topojson)\.js$/.test(name)) continue;
    const text = assetTable().find(name)!.bytes.toString();
    const references = [...text.matchAll(/url\(['"]?([^'")#]+)|from '\.\/([^']+)'/g)];
    for (const [, url, module] of references) {
      const reference = (url ?? module)!;
      if (!/^(?:#|data:)/.test(reference)) expect(assetTable().names, name).toContain(reference);
    }
  }
});

it('names the version of the whole in every path', () => {
  expect(assetPath('/geo', 'page.css')).toBe(`/geo/assets/${assetTable().version}/page.css`);
  expect(() => assetPath('', 'nothing.css')).toThrow('nothing.css');
});

it('changes its version with any byte', () => {
  const one = new AssetTable(new Map([['a.json', import.meta.filename]]));
  const other = new AssetTable(new Map([['b.json', import.meta.filename]]));
  expect(one.version).not.toBe(other.version);
});

it('compresses text and leaves pictures', async () => {
  const map = assetTable().find('world-110m.json')!;
  expect((await map.brotli())!.length).toBeLessThan(map.bytes.length / 2);
  expect(assetTable().find('images/layers.png')!.brotli()).toBeUndefined();
});
