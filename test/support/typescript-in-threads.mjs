import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import ts from 'typescript';

/**
 * Compute threads of a service under test start from src/compute-worker.js, which exists only after a build. In tests
 * such a name stands for the TypeScript source beside it, so that threads run what is being tested. The test files
 * themselves are loaded by vitest: the main thread is left alone.
 */
if (!isMainThread) {
  const typescriptOf = (url) => {
    if (!url?.startsWith('file:') || !url.endsWith('.js') || url.includes('/node_modules/')) return undefined;
    const source = url.replace(/\.js$/, '.ts');
    return !existsSync(fileURLToPath(url)) && existsSync(fileURLToPath(source)) ? source : undefined;
  };
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2024 };

  registerHooks({
    resolve(specifier, context, next) {
      const url = URL.canParse(specifier, context.parentURL)
        ? new URL(specifier, context.parentURL).href
        : undefined;
      const source =
        specifier.startsWith('.') || specifier.startsWith('file:') ? typescriptOf(url) : undefined;
      return source ? { url: source, format: 'module', shortCircuit: true } : next(specifier, context);
    },
    load(url, context, next) {
      if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/'))
        return next(url, context);
      const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), {
        compilerOptions: options,
      });
      return { format: 'module', source: outputText, shortCircuit: true };
    },
  });
}
