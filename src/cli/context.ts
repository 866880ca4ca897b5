import type { Printer } from './printing/printer.js';
import type { Server } from './server/server.js';

/** What every command works with. */
export interface Context {
  server: Server;
  printer: Printer;
}
