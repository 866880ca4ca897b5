export { OgcProcessesModule } from './ogc-processes.module.js';
export { ProblemAnswers } from './problem/problem-answers.js';
export { serveOpenApi } from './openapi/serve-openapi.js';
