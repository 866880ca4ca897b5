import { Injectable } from '@nestjs/common';
import { Database, serviceSecret } from '../../database/index.js';

/** What signs the callbacks of a tenant, made when it is first asked for. */
@Injectable()
export class CallbackSecrets {
  constructor(private readonly database: Database) {}

  of(tenant: string): Promise<Uint8Array> {
    return serviceSecret(this.database, callbackSecretName(tenant));
  }
}

export const callbackSecretName = (tenant: string): string => `callbacks/${tenant}`;
