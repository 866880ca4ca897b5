import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Application, Request, Response } from 'express';
import { Catalog, type ProcessDefinition } from '../../../registry/index.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { JSON_TYPE, OPENAPI_TYPE } from '../link.js';
import { withProcesses } from './process-paths.js';
import { schemas } from './schemas.js';

const OPENAPI_PATH = '/api/openapi.json';

/** What another protocol adds to the definition that people browse. */
export type MorePaths = (document: OpenAPIObject, definitions: ProcessDefinition[]) => OpenAPIObject;

/**
 * Swagger UI at /api and the API definition beside it, both with the catalog as it is at that moment. The definition is
 * that of OGC API - Processes alone; the UI shows every protocol.
 */
export function serveOpenApi(app: NestExpressApplication, more: MorePaths): void {
  const catalog = app.get(Catalog);
  const general = generalDocument(app);
  const baseUrl = app.get(BaseUrl);
  const definitions = (): ProcessDefinition[] => catalog.list().map(({ definition }) => definition);
  const current = (request: Request): OpenAPIObject =>
    withProcesses({ ...general, servers: [{ url: baseUrl.of(request) }] }, definitions());
  (app.getHttpAdapter().getInstance() as Application).get(
    OPENAPI_PATH,
    (request: Request, response: Response) => {
      const plain = request.accepts([OPENAPI_TYPE, JSON_TYPE]) === JSON_TYPE;
      response.setHeader('content-type', plain ? JSON_TYPE : OPENAPI_TYPE);
      response.end(JSON.stringify(current(request)));
    },
  );
  SwaggerModule.setup('api', app, general, {
    raw: false,
    customSiteTitle: 'Honua Geoprocessing: API',
    patchDocumentOnRequest: (request) => more(current(request as Request), definitions()),
    swaggerOptions: { displayRequestDuration: true, docExpansion: 'list', tagsSorter: 'alpha' },
  });
}

function generalDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Honua Geoprocessing')
    .setDescription(
      'OGC API - Processes 1.0: find a process, send geometry, get the answer at once or as a job.',
    )
    .setVersion('1.0.0')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  return {
    ...document,
    components: { ...document.components, schemas: { ...document.components?.schemas, ...schemas() } },
  };
}
