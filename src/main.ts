import 'reflect-metadata';
import { ConfigFaults, loadConfig } from './config/index.js';
import { AppError } from './shared/app-error.js';
import { serve } from './serve.js';

/** What an operator can mend is told in one line; anything else is a defect and keeps its stack. */
function explain(error: unknown): string | undefined {
  if (error instanceof ConfigFaults) return error.message;
  if (error instanceof AppError) return error.message;
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `Port ${port} is in use: stop what uses it, or set PORT to another.`;
  if (code === 'EACCES' && port) return `Port ${port} may not be used by this user: set PORT to another.`;
  if (code === 'ECONNREFUSED')
    return `The database at ${address}:${port} does not answer: check DATABASE_URL.`;
  return undefined;
}

try {
  const { url } = await serve(loadConfig('config'));
  process.send?.({ url });
} catch (error) {
  process.stderr.write(`honua  ${explain(error) ?? (error as Error).stack}\n`);
  process.exit(1);
}
