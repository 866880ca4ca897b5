export { OgcProcessesModule } from './ogc-processes.module.js';
export { ProblemFilter } from './problem/problem.filter.js';
export { serveOpenApi } from './openapi/serve-openapi.js';
