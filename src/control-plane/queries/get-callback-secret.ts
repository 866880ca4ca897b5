import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '../../shared/principal.js';
import { CallbackSecrets } from '../callbacks/callback-secrets.js';
import { writtenSecret } from '../callbacks/sign-message.js';

/** What the callbacks of the caller's tenant are signed with, as `whsec_` and base64. */
export class GetCallbackSecret extends Query<string> {
  constructor(readonly principal: Principal) {
    super();
  }
}

@QueryHandler(GetCallbackSecret)
export class GetCallbackSecretHandler implements IQueryHandler<GetCallbackSecret> {
  constructor(private readonly secrets: CallbackSecrets) {}

  async execute({ principal }: GetCallbackSecret): Promise<string> {
    return writtenSecret(await this.secrets.of(principal.tenant));
  }
}
