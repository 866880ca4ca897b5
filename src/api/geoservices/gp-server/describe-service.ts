import { CURRENT_VERSION } from '../directory/directory.js';
import type { ExecutionType, GpService } from './services.js';

export interface ServiceDescription {
  currentVersion: number;
  serviceDescription: string;
  tasks: string[];
  executionType: ExecutionType;
  /** Clients that find a name here look for a map server of it. */
  resultMapServerName: '';
  maximumRecords: number;
  capabilities: string;
}

export const describeService = (
  { description, executionType }: GpService,
  tasks: string[],
  maximumRecords: number,
): ServiceDescription => ({
  currentVersion: CURRENT_VERSION,
  serviceDescription: description,
  tasks,
  executionType,
  resultMapServerName: '',
  maximumRecords,
  capabilities: 'Uploads',
});
