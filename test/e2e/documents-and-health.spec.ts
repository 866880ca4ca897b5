/** What a person opens first: the API documents; what an orchestrator asks: health; what a browser needs: headers. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, { headers });

describe('Swagger UI', () => {
  it('is served with its own assets, which its policy lets it load', async () => {
    const page = await get('/api');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(([, path]) => path!);
    expect(assets.length).toBeGreaterThanOrEqual(4);
    for (const path of assets) expect((await fetch(new URL(path, `${server.url}/`))).status, path).toBe(200);
    // The page runs no script of its own text, which the policy would refuse.
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });

  it('can try out each example of each process as it stands', async () => {
    const init = await (await get('/api/swagger-ui-init.js')).text();
    const document = JSON.parse(await (await get('/api/openapi.json')).text()) as {
      servers: { url: string }[];
      paths: Record<string, { post?: { requestBody: any; parameters: { in: string }[] } }>;
    };
    expect(document.servers).toEqual([{ url: server.url }]);
    const paths = Object.entries(document.paths).filter(([path]) =>
      /^\/processes\/[^{]+\/execution$/.test(path),
    );
    const { processes } = (await (await get('/processes?limit=100')).json()) as {
      processes: { id: string }[];
    };
    expect(paths.map(([path]) => path.split('/')[2]!).sort()).toEqual(processes.map(({ id }) => id).sort());
    for (const [path, { post }] of paths) {
      expect(init).toContain(`"${path}"`);
      expect(post!.parameters.map((parameter) => parameter.in)).not.toContain('path');
      for (const { value } of Object.values<{ value: object }>(
        post!.requestBody.content['application/json'].examples,
      )) {
        const reply = await fetch(server.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(value),
        });
        expect([200, 201], `${path} ${await reply.text()}`).toContain(reply.status);
      }
    }
  }, 120_000);

  it('documents every status that a route can answer with', async () => {
    const { paths } = (await (await get('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, { responses: object; summary?: string }>>;
    };
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { responses, summary }] of Object.entries(operations)) {
        expect(summary, `${method} ${path}`).toBeTruthy();
        if (!path.startsWith('/health') && !path.startsWith('/artifacts'))
          expect(Object.keys(responses), `${method} ${path}`).toContain('500');
      }
    }
    expect(Object.keys(paths['/processes/{processID}/execution']!.post!.responses)).toEqual(
      expect.arrayContaining(['200', '201', '204', '400', '404', '413', '415', '422', '429', '503']),
    );
  });
});

describe('health', () => {
  it('says that the process lives, and that every part is ready', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
    const ready = await get('/health/ready');
    expect(ready.status).toBe(200);
    const { details } = (await ready.json()) as { details: Record<string, { status: string }> };
    for (const part of ['database', 'queue', 'workers', 'artifacts'])
      expect(details[part]).toEqual({ status: 'up' });
  });

  it('names the part that fails', async () => {
    const blocked = join(tmpdir(), `honua-no-folder-${process.pid}`);
    writeFileSync(blocked, '');
    const broken = await startServer({ Processing__ArtifactStore__Folder: blocked });
    try {
      const reply = await fetch(`${broken.url}/health/ready`);
      expect(reply.status).toBe(503);
      const { error } = (await reply.json()) as { error: object };
      expect(Object.keys(error)).toEqual(['artifacts']);
      expect(JSON.stringify(error)).not.toContain(blocked);
      expect((await fetch(`${broken.url}/health/live`)).status).toBe(200);
    } finally {
      await broken.close();
      rmSync(blocked, { force: true });
    }
  });
});

describe('a browser of another origin', () => {
  it('may call, and read the headers it needs', async () => {
    const preflight = await fetch(`${server.url}/processes/echo/execution`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://map.example.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,prefer,idempotency-key',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('prefer');
    const exposed = (await get('/', { origin: 'https://map.example.org' })).headers.get(
      'access-control-expose-headers',
    )!;
    expect(exposed.split(',')).toEqual(
      expect.arrayContaining(['location', 'link', 'preference-applied', 'retry-after']),
    );
  });

  it('gets headers that keep it safe, on errors too', async () => {
    for (const path of ['/', '/nowhere', '/jobs?limit=x']) {
      const { headers } = await get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-request-id')).toMatch(/^[\w-]+$/);
    }
  });
});

it('every URL follows the address that the client used', async () => {
  const { port } = new URL(server.url);
  const { links } = (await (await fetch(`http://localhost:${port}/`)).json()) as {
    links: { href: string }[];
  };
  for (const { href } of links) expect(href).toMatch(new RegExp(`^http://localhost:${port}/`));
});
