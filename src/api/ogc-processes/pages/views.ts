import { ChildrenPage } from './children.page.js';
import { ConformancePage } from './conformance.page.js';
import { DismissedPage } from './dismissed.page.js';
import { JobPage } from './job.page.js';
import { JobsPage } from './jobs.page.js';
import { LandingPage } from './landing.page.js';
import { ProcessPage } from './process.page.js';
import { ProcessesPage } from './processes.page.js';
import { ResultsPage } from './results.page.js';
import { LayerPage } from '../layers/layer.page.js';
import { LayersPage } from '../layers/layers.page.js';
import { ShownOutputs } from './shown-outputs.js';

/** The pages of this protocol, to be provided: one per resource. */
export const views = [
  LandingPage,
  ConformancePage,
  ProcessesPage,
  ProcessPage,
  JobsPage,
  JobPage,
  ChildrenPage,
  DismissedPage,
  ResultsPage,
  LayersPage,
  LayerPage,
  ShownOutputs,
];
