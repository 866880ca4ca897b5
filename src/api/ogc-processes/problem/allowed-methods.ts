import type { Request } from 'express';

interface Layer {
  match(path: string): boolean;
  route?: { methods: Record<string, boolean> };
}

/** The methods that the path has a route for, by the router's own table; empty if the path is unknown. */
export function allowedMethods({ app, path }: Request): string[] {
  const layers = (app as unknown as { router: { stack: Layer[] } }).router.stack;
  const methods = new Set<string>();
  for (const layer of layers) {
    // A layer for every method there is belongs to no resource: it is middleware.
    if (!layer.route || 'propfind' in layer.route.methods || !layer.match(path)) continue;
    for (const method of Object.keys(layer.route.methods))
      if (method !== '_all') methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}
