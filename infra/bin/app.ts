import { makeApp } from '../lib/geoprocessing-app.ts';

makeApp().synth();
