#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.js';
import { Failure, interruption } from './failure.js';
import { Printer } from './printing/printer.js';
import { makeProgram } from './program.js';
import { chooseConnection } from './server/connection.js';
import { Server } from './server/server.js';

const interrupt = new AbortController();
// The first Ctrl-C ends what is under way in good order; a second one ends the process.
process.once('SIGINT', () => interrupt.abort(interruption()));
// Whoever reads may stop before the end: `honua processes | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
);

const { stdout, stderr } = process;
let printer = new Printer({ stdout, stderr, json: process.argv.includes('--json'), quiet: false });

const program = makeProgram(({ json = false, quiet = false, timeout, server, profile }) => {
  printer = new Printer({ stdout, stderr, json, quiet });
  // oxlint-disable-next-line node/no-process-env -- the caller's own settings: the server's configuration is not read here
  const connection = chooseConnection({ server, profile }, process.env);
  return { printer, server: new Server({ ...connection, patienceMs: timeout, signal: interrupt.signal }) };
});

async function main(): Promise<ExitCode> {
  try {
    await program.parseAsync();
    return EXIT.ok;
  } catch (error) {
    // Commander has said what it is about.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const failure = error instanceof Failure ? error : new Failure(EXIT.failed, String(error));
    printer.failure(failure);
    return failure.exitCode;
  }
}

process.exitCode = await main();
