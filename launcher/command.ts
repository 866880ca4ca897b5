import { spawn } from 'node:child_process';

export interface CommandOptions {
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  cwd?: string;
}

/** Runs a program to its end without a shell and gives what it printed; throws with its last lines if it fails. */
export function run(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    // `exit`, not `close`: a server that stays in the background keeps the pipes open.
    child.on('exit', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with code ${code}: ${lastLines(output)}`));
    });
  });
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join(' | ');
