import esriConfig from '@arcgis/core/config.js';
import * as geoprocessor from '@arcgis/core/rest/geoprocessor.js';
import FeatureSet from '@arcgis/core/rest/support/FeatureSet.js';
import Graphic from '@arcgis/core/Graphic.js';
import LinearUnit from '@arcgis/core/rest/support/LinearUnit.js';
import identityManager from '@arcgis/core/identity/IdentityManager.js';
import Point from '@arcgis/core/geometry/Point.js';
import { acrossTheDateline, functions } from './geometry-functions.js';

/** What the test calls in the page; answers are plain values. */
globalThis.scenarios = {
  async execute(url) {
    const { results } = await geoprocessor.execute(url, inputs());
    const { features, spatialReference } = results[0].value;
    return {
      wkid: spatialReference.wkid,
      width: features[0].geometry.extent.width,
      attributes: features[0].attributes,
    };
  },
  async submit(url) {
    const job = await geoprocessor.submitJob(url, inputs(2500));
    await job.waitForJobCompletion({ interval: 100 });
    const { value } = await job.fetchResultData('Output_Features');
    return { status: job.jobStatus, features: value.features.length };
  },
  async cancel(url) {
    const job = await geoprocessor.submitJob(url, { Echo: 'long', Pause: 60 });
    await job.cancelJob();
    return job.jobStatus;
  },
  async fail(url) {
    const error = await geoprocessor.execute(url, {}).catch((failure) => failure);
    return { name: error.name, status: error.details.httpStatus, messages: error.details.messages };
  },
  geometry: (url, name, rings) => functions[name](url, { rings }),
  async acrossTheDateline(url, geometryServer) {
    esriConfig.geometryServiceUrl = geometryServer;
    const features = [new Graphic({ geometry: acrossTheDateline(), attributes: {} })];
    const { results } = await geoprocessor.execute(url, { Input_Features: new FeatureSet({ features }) });
    return results[0].value.features[0].geometry.rings.length;
  },
  async signedIn(url, server, token) {
    identityManager.registerToken({ server, token });
    const { results } = await geoprocessor.execute(url, { Echo: 'x' });
    return results[0].value;
  },
};

function inputs(padding = 0) {
  esriConfig.assetsPath = '/assets';
  const geometry = new Point({ x: 8.3093, y: 47.0502, spatialReference: { wkid: 4326 } });
  const graphic = new Graphic({ geometry, attributes: { OBJECTID: 0, name: 'x'.repeat(padding) } });
  return {
    Input_Features: new FeatureSet({ features: [graphic] }),
    Distance: new LinearUnit({ distance: 10, units: 'kilometers' }),
  };
}
