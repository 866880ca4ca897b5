export { OgcProcessesModule } from './ogc-processes.module.js';
export { serveOpenApi } from './openapi/serve-openapi.js';
