import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { configureHttp } from './api/configure-http.js';
import { AppModule } from './app.module.js';
import type { HonuaConfig } from './config/index.js';
import { Logger } from './telemetry/index.js';

export interface RunningServer {
  app: NestExpressApplication;
  url: string;
}

/** Boots the whole service and listens. Throws if the port, the database or the configuration does not allow it. */
export async function serve(config: HonuaConfig): Promise<RunningServer> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), {
    // Bodies are spooled and parsed in workers: no body parser ever runs.
    bodyParser: false,
    abortOnError: false,
    // The framework's own lines wait for the structured log; a failed boot is told by whoever called.
    bufferLogs: true,
    autoFlushLogs: false,
  });
  app.useLogger(app.get(Logger));
  app.flushLogs();
  app.disable('x-powered-by');
  configureHttp(app, config);
  // The process ends with code 0 when everything is closed, instead of by the signal it was sent.
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  await app.listen(config.server.port, config.server.host);
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, url: config.server.publicUrl ?? `http://localhost:${port}` };
}
