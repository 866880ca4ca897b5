import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * vitest compiles what it runs, but not what worker threads load. Compute threads of a service under test therefore run
 * the build, as they do in production; test/support/ensure-built.ts makes it when a source is newer.
 */
if (!isMainThread) {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(
        specifier.replace(/\/src\/(compute-worker|data-sources\/files\/file-thread)\.js$/, '/dist/src/$1.js'),
        context,
      ),
  });
}
