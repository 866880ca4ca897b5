import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import { KeepHandle } from '../../execution/index.js';
import { keepHandle } from '../run/submitted-run.js';

@CommandHandler(KeepHandle)
export class KeepHandleHandler implements ICommandHandler<KeepHandle> {
  constructor(private readonly database: Database) {}

  async execute({ attempt, handle }: KeepHandle): Promise<{ kept: boolean }> {
    return { kept: await this.database.asSystem((manager) => keepHandle(manager, attempt, handle)) };
  }
}
