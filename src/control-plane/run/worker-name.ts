import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Which process holds a run, for people who look at the row. */
export const WORKER_NAME = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
