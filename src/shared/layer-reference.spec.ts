import { describe, expect, it } from 'vitest';
import { type Comparison, meets, readComparisons } from './layer-filter.js';
import { layerHref, readLayerHref, readLayerReference } from './layer-reference.js';

describe('a reference', () => {
  it('is known again by its URI, with its selection', () => {
    const read = readLayerReference({
      layerReference: 'roads',
      bbox: [5, 45, 11, 48],
      filter: { kind: ['a?b', "o'c"], lanes: { '>=': 2 }, closed: null },
      fields: ['name'],
    });
    if (Array.isArray(read)) throw new Error(JSON.stringify(read));
    expect(readLayerHref(layerHref(read))).toEqual(read);
    expect(layerHref({ id: 'roads', selection: {} })).toBe('layer:roads');
    expect(readLayerHref('https://example.org/layer:roads')).toBeUndefined();
  });

  it.each([
    [{ layerReference: 5 }, '/layerReference'],
    [{ layerReference: 'a\ud800' }, '/layerReference'],
    [{ layerReference: 'a', where: '1=1' }, '/where'],
    [{ layerReference: 'a', bbox: [1, 2, 3] }, '/bbox'],
    [{ layerReference: 'a', bbox: [1, 5, 3, 4] }, '/bbox'],
    [{ layerReference: 'a', bbox: [1, 2, Infinity, 4] }, '/bbox'],
    [{ layerReference: 'a', fields: 'name' }, '/fields'],
    [{ layerReference: 'a', fields: [] }, '/fields'],
    [{ layerReference: 'a', filter: 'name = 1' }, '/filter'],
    [{ layerReference: 'a', filter: { name: {} } }, '/filter/name'],
    [{ layerReference: 'a', filter: { name: { like: 'x' } } }, '/filter/name/like'],
    [{ layerReference: 'a', filter: { name: [[1]] } }, '/filter/name'],
    [{ layerReference: 'a', filter: { name: { '<': null } } }, '/filter/name/<'],
  ])('%j is told where it is wrong', (value, path) => {
    expect(readLayerReference(value)).toEqual([expect.objectContaining({ path })]);
  });
});

describe('a filter', () => {
  const properties = { name: 'Bern', people: 1000, closed: null, open: true };
  it.each([
    [{ name: 'Bern' }, true],
    [{ name: 'bern' }, false],
    [{ name: ['Chur', 'Bern'] }, true],
    [{ name: [] }, false],
    [{ people: '1000' }, true],
    [{ people: { '>': 999, '<=': 1000 } }, true],
    [{ people: { '<>': 1000 } }, false],
    [{ people: { '>': 'many' } }, false],
    [{ closed: null }, true],
    [{ name: null }, false],
    [{ closed: 'x' }, false],
    [{ closed: { '<>': 'x' } }, false],
    [{ name: { '<>': null } }, true],
    [{ open: true }, true],
    [{ toString: null }, true],
    [{ name: { '<': 'C' }, people: 1000 }, true],
  ])('%j: %s', (filter, wanted) => {
    expect(meets(properties, readComparisons(filter) as Comparison[])).toBe(wanted);
  });
});
