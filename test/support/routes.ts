import type { INestApplication } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type AccessRule, accessRuleOf } from '../../src/identity/access/access.js';

/** A route as the framework knows it. */
export interface Route {
  /** GET, or ALL for every method. */
  method: string;
  /** As it was declared: `/jobs/:jobID`. */
  path: string;
  /** `JobsController.status`. */
  handler: string;
  rule?: AccessRule;
}

/** Every route of every controller, from the framework's own metadata. */
export function routesOf(app: INestApplication): Route[] {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as new () => unknown;
    return scanner.getAllMethodNames(controller.prototype as object).flatMap((name) => {
      const handler = (controller.prototype as Record<string, object>)[name]!;
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      return paths(controller, handler).map((path) => ({
        method: RequestMethod[method],
        path,
        handler: `${controller.name}.${name}`,
        rule: accessRuleOf(handler, controller),
      }));
    });
  });
}

function paths(controller: object, handler: object): string[] {
  const [before, after] = [controller, handler].map((target) =>
    [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat(),
  ) as [string[], string[]];
  return before.flatMap((start) =>
    after.map(
      (end) =>
        `/${[start, end]
          .flatMap((part) => part.split('/'))
          .filter(Boolean)
          .join('/')}`,
    ),
  );
}
