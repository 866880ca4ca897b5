import { resolve } from 'node:path';
import { ensureBuilt } from '../../launcher/build.ts';

export default (): Promise<void> => ensureBuilt(resolve(import.meta.dirname, '../..'));
