import { resolve } from 'node:path';
import { findPython, installWorker } from '../../launcher/install-worker.ts';

export const root = resolve(import.meta.dirname, '../..');

/** For hooks that wait for an installation, which a slow network and a busy machine draw out. */
export const INSTALL_LIMIT_MS = 300_000;

/** The Python that processes of the cloud-batch tier can be run by; undefined on a machine that has none. */
export const python = await findPython();

/** Resolves when the worker is there, with the folder of its environment. */
export const workerReady = (): Promise<string> => installWorker(root);
