import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { All, Controller, Inject, type OnApplicationShutdown, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { DashboardHandler } from '@pg-boss/dashboard/handler';
import type { Request, Response } from 'express';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { Access, FormsOfOthers } from '../../../identity/index.js';

const PATH = '/admin/queues';

/** The job library's own dashboard, for the chores of the service: callbacks, sweeps, retention. Runs are not its jobs. */
@ApiExcludeController()
@Access({ scope: 'admin' })
@Controller(PATH.slice(1))
export class QueuesController implements OnApplicationShutdown {
  private dashboard?: Promise<DashboardHandler>;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly baseUrl: BaseUrl,
  ) {}

  @All(['', '*path'])
  @FormsOfOthers()
  async show(@Req() request: Request, @Res() response: Response): Promise<void> {
    const dashboard = await (this.dashboard ??= this.open());
    const base = this.baseUrl.of(request);
    const answer = await dashboard(asWebRequest(request, base));
    response.status(answer.status);
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-store');
    if (answer.headers.get('content-type')?.startsWith('text/html')) {
      const page = await answer.text();
      response.removeHeader('content-length');
      response.setHeader('content-security-policy', policyFor(page));
      response.end(page);
    } else if (answer.body) await pipeline(Readable.fromWeb(answer.body as never), response);
    else response.end();
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.dashboard)?.close();
  }

  /** Loaded when somebody looks: nobody pays for it before. */
  private async open(): Promise<DashboardHandler> {
    const { createDashboardHandler } = await import('@pg-boss/dashboard/handler');
    const { database, processing, server } = this.config;
    const schema = processing.queue.schema;
    return createDashboardHandler({
      databases: [{ url: database.url!, name: 'Honua', schema }],
      basePath: PATH,
      allowedActionOrigins: server.publicUrl ? [new URL(server.publicUrl).host] : [],
    });
  }
}

/** Under the address the caller knows: the dashboard refuses forms that come from another. */
function asWebRequest(request: Request, base: string): globalThis.Request {
  const { method } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined && name !== 'authorization' && name !== 'cookie')
      headers.set(name, [value].flat().join(', '));
  const url = new URL(request.originalUrl, base);
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  // `duplex` is what a streamed body needs (Fetch, RequestInit); the types do not have it yet.
  const init = { method, headers, body: Readable.toWeb(request) as never, duplex: 'half' };
  return new Request(url, init);
}

/** Its pages begin by scripts inside them: just these may run, by their hashes (CSP level 3). */
function policyFor(page: string): string {
  const hashes = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
  );
  return [
    `default-src 'self'`,
    `script-src 'self' ${[...new Set(hashes)].join(' ')}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self' data:`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
  ].join('; ');
}
