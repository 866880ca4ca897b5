import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Application, Request, Response } from 'express';
import { SignIn } from '../../../identity/index.js';
import { Catalog, type ProcessDefinition } from '../../../registry/index.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { JSON_TYPE, OPENAPI_TYPE } from '../link.js';
import { withProcesses } from './process-paths.js';
import { schemas } from './schemas.js';

const OPENAPI_PATH = '/api/openapi.json';
const ADMIN_PATH = '/api/admin-openapi.json';

/** What another protocol adds to the definition that people browse. */
export type MorePaths = (document: OpenAPIObject, definitions: ProcessDefinition[]) => OpenAPIObject;

/**
 * Swagger UI at /api and the API definitions beside it, all with the catalog as it is at that moment. One definition is
 * that of OGC API - Processes alone, one is what operators have; the UI shows every protocol.
 */
export function serveOpenApi(app: NestExpressApplication, more: MorePaths): void {
  const catalog = app.get(Catalog);
  const described = generalDocument(app);
  const all = app.get(SignIn).open ? withoutSecurity(described) : described;
  const [admin, general] = parted(all, (path) => /^\/admin(?:\/|$)/.test(path));
  const baseUrl = app.get(BaseUrl);
  const definitions = (): ProcessDefinition[] => catalog.list().map(({ definition }) => definition);
  const here = (document: OpenAPIObject, request: Request): OpenAPIObject => ({
    ...document,
    servers: [{ url: baseUrl.of(request) }],
  });
  const router = app.getHttpAdapter().getInstance() as Application;
  router.get(OPENAPI_PATH, (request, response) =>
    send(withProcesses(here(general, request), definitions()), request, response),
  );
  router.get(ADMIN_PATH, (request, response) => send(here(admin, request), request, response));
  SwaggerModule.setup('api', app, all, {
    raw: false,
    customSiteTitle: 'Honua Geoprocessing: API',
    patchDocumentOnRequest: (request) =>
      more(withProcesses(here(all, request as Request), definitions()), definitions()),
    swaggerOptions: { displayRequestDuration: true, docExpansion: 'list', tagsSorter: 'alpha' },
  });
}

function send(document: OpenAPIObject, request: Request, response: Response): void {
  const plain = request.accepts([OPENAPI_TYPE, JSON_TYPE]) === JSON_TYPE;
  response.setHeader('content-type', plain ? JSON_TYPE : OPENAPI_TYPE);
  response.end(JSON.stringify(document));
}

/** Nothing is asked of anybody where the service is open. */
function withoutSecurity({ paths, components, ...rest }: OpenAPIObject): OpenAPIObject {
  const open = (operation: unknown): unknown =>
    typeof operation === 'object' && operation !== null ? { ...operation, security: undefined } : operation;
  return {
    ...rest,
    components: { ...components, securitySchemes: undefined },
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, item]) => [
        path,
        Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, open(operation)])),
      ]),
    ),
  };
}

/** The document twice: with the paths that are meant, and with the others. */
function parted(document: OpenAPIObject, isMeant: (path: string) => boolean): [OpenAPIObject, OpenAPIObject] {
  const only = (meant: boolean): OpenAPIObject => ({
    ...document,
    paths: Object.fromEntries(Object.entries(document.paths).filter(([path]) => isMeant(path) === meant)),
  });
  return [only(true), only(false)];
}

function generalDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Honua Geoprocessing')
    .setDescription(
      'OGC API - Processes 1.0: find a process, send geometry, get the answer at once or as a job.',
    )
    .setVersion('1.0.0')
    .addBearerAuth()
    .addApiKey({ type: 'apiKey', name: 'X-API-Key', in: 'header' }, 'api-key')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  return {
    ...document,
    components: { ...document.components, schemas: { ...document.components?.schemas, ...schemas() } },
  };
}
