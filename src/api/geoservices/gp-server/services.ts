import { AppError } from '../../../shared/app-error.js';

export type ExecutionType = 'esriExecutionTypeSynchronous' | 'esriExecutionTypeAsynchronous';

export interface GpService {
  name: string;
  executionType: ExecutionType;
  description: string;
}

/**
 * The same tasks twice, since clients take from the service whether its tasks answer at once. Both services answer both
 * kinds of request all the same.
 */
export const GP_SERVICES: GpService[] = [
  {
    name: 'GP',
    executionType: 'esriExecutionTypeAsynchronous',
    description: 'All processes as jobs: submit, ask how it is getting on, fetch the results.',
  },
  {
    name: 'GPSync',
    executionType: 'esriExecutionTypeSynchronous',
    description: 'All processes answering at once.',
  },
];

/** The service of that name, in any case. Throws AppError `not-found`. */
export function gpService(name: string): GpService {
  const service = GP_SERVICES.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!service)
    throw new AppError('not-found', 'service-not-found', 'There is no geoprocessing service of this name.');
  return service;
}
