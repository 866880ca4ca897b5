import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../shared/quantities.js';
import { cancel } from './commands/cancel.js';
import { doctorBatch, type DoctorOptions } from './commands/doctor.js';
import { logs } from './commands/logs.js';
import { processes } from './commands/processes.js';
import { results } from './commands/results.js';
import { run, type RunOptions } from './commands/run.js';
import { submit, type SubmitOptions } from './commands/submit.js';
import { watch } from './commands/watch.js';
import type { Context } from './context.js';

export interface GlobalOptions {
  server?: string;
  profile?: string;
  json?: boolean;
  quiet?: boolean;
  /** Milliseconds. */
  timeout: number;
}

type Connect = (options: GlobalOptions) => Context;

const LATER_HELP = `
Values of inputs: name=text, name=@file, name=layer:ID, name=https://…, name='{"json": …}'.
Ends with 0: done, 1: a run failed, 2: not valid, 3: refused, 4: no server, 5: cancelled, 130: Ctrl-C.`;

/** The commands and their options; `connect` makes what they work with once the options are known. */
export function makeProgram(connect: Connect): Command {
  const program = new Command('honua')
    .description('Runs the processes of a Honua server, and watches them.')
    .option('--server <url>', 'the server (or HONUA_SERVER, or of the profile)')
    .option('--profile <name>', 'a profile of ~/.config/honua/profiles.json')
    .option('--json', 'print JSON for programs')
    .option('-q, --quiet', 'print nothing but what was asked for')
    .addOption(
      new Option('--timeout <duration>', 'how long the server may be silent, such as 30s or 5m')
        .argParser(duration)
        .default(120_000, '2m'),
    )
    .addHelpText('after', LATER_HELP)
    .exitOverride();
  // What was given anywhere on the line counts, before the command or after it.
  const context = (command: Command): Context => connect(command.optsWithGlobals<GlobalOptions>());
  addFinding(program, context);
  addRunning(program, context);
  addJobs(program, context);
  addDoctor(program, context);
  return program;
}

type ContextOf = (command: Command) => Context;

function addFinding(program: Command, context: ContextOf): void {
  program
    .command('processes')
    .description('list what can be run, or tell what one process takes and gives')
    .argument('[id]', 'a process')
    .action((id: string | undefined, _options: object, command: Command) => processes(id, context(command)));
}

function addRunning(program: Command, context: ContextOf): void {
  program
    .command('run')
    .description('run a process and print its results')
    .argument('<process>')
    .addOption(inputOption())
    .addOption(outputOption())
    .option('--async', 'print the job and leave it running')
    .option('--watch', 'run it as a job, show how it is getting on, then print its results')
    .option('--dry-run', 'print the request and what it would cost, and submit nothing')
    .action((id: string, options: RunOptions, command: Command) => run(id, options, context(command)));
  program
    .command('submit')
    .description('submit an array run: one process over many inputs')
    .argument('<process>')
    .requiredOption('--array <file>', 'NDJSON, each line {"label", "inputs"} or an object of inputs')
    .option('--range <from:to>', 'only these lines, counted from 0; the last is left out')
    .option('--regions <labels>', 'only the entries with these labels, parted by commas')
    .addOption(inputOption())
    .option('--max-failures <number>', 'fail as soon as more than so many have failed', whole)
    .option('--dry-run', 'print the request and what it would cost, and submit nothing')
    .option('--detach', 'print the job and leave it running')
    .action((id: string, options: SubmitOptions, command: Command) => submit(id, options, context(command)));
}

function addJobs(program: Command, context: ContextOf): void {
  program
    .command('watch')
    .description('show jobs until they are over')
    .argument('<jobs...>')
    .action((ids: string[], _options: object, command: Command) => watch(ids, context(command)));
  program
    .command('results')
    .description('print what a job gave')
    .argument('<job>')
    .addOption(outputOption())
    .action((id: string, options: { output: string[] }, command: Command) =>
      results(id, options, context(command)),
    );
  program
    .command('cancel')
    .description('cancel jobs that are not over')
    .argument('<jobs...>')
    .option('--reason <text>', 'kept on the record of the run; for operators')
    .action((ids: string[], options: { reason?: string }, command: Command) =>
      cancel(ids, options, context(command)),
    );
  program
    .command('logs')
    .description('print what a run has written')
    .argument('<job>')
    .option('-f, --follow', 'go on until the run is over')
    .action((id: string, options: { follow?: boolean }, command: Command) =>
      logs(id, options, context(command)),
    );
}

function addDoctor(program: Command, context: ContextOf): void {
  program
    .command('doctor')
    .description('find out what keeps a part of the server from working')
    .command('batch')
    .description('climb from a job that only runs to twenty-five at once, on the cloud-batch tier')
    .option('--up-to <rung>', 'the last rung to climb, such as imports')
    .action((options: DoctorOptions, command: Command) => doctorBatch(options, context(command)));
}

const several = (text: string, before: string[]): string[] => [...before, text];

const inputOption = (): Option =>
  new Option('-i, --input <name=value>', 'an input; @file stands for what a file has')
    .argParser(several)
    .default([], 'none');

const outputOption = (): Option =>
  new Option('-o, --output <[name=]file>', 'where to write all results, or one output of them')
    .argParser(several)
    .default([], 'standard output');

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('Write a duration such as 30s or 5m.');
  return ms;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}
