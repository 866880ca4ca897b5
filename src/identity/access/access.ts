import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '../../shared/principal.js';

const RULE = Symbol('AccessRule');
const TOKEN_IN_BODY = Symbol('TokenInBody');
const FORMS_OF_OTHERS = Symbol('FormsOfOthers');

/** Who may use a route, and which of its path parameters name what belongs to a tenant. */
export interface AccessRule {
  scope: Scope | 'anybody';
  /** Path parameters whose values another tenant must not be able to tell from ones that never were. */
  ids: readonly string[];
}

interface OfTenants {
  ids?: readonly string[];
}

/** The route, or each of a controller's, is for callers with this scope. */
export const Access = ({ scope, ids = [] }: OfTenants & { scope: Scope }): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(RULE, { scope, ids } satisfies AccessRule),
    ApiBearerAuth(),
    ApiSecurity('api-key'),
  );

/** The route asks nobody who they are. Its ids, if it has any, are secrets that open what they name. */
export const OpenToAll = ({ ids = [] }: OfTenants = {}): MethodDecorator & ClassDecorator =>
  SetMetadata(RULE, { scope: 'anybody', ids } satisfies AccessRule);

/** A form may carry the caller's token: who reads it asks `admit` once it is read. */
export const TokenInBody = (): MethodDecorator => SetMetadata(TOKEN_IN_BODY, true);

/** Behind the route are pages that somebody else wrote: their forms cannot have our token, and their origin must do. */
export const FormsOfOthers = (): MethodDecorator => SetMetadata(FORMS_OF_OTHERS, true);

type Target = abstract new (...args: never[]) => unknown;

/** The rule of a route; undefined where nobody has said one. */
export const accessRuleOf = (handler: object, controller: Target): AccessRule | undefined =>
  (Reflect.getMetadata(RULE, handler) ?? Reflect.getMetadata(RULE, controller)) as AccessRule | undefined;

export const takesTokenInBody = (handler: object): boolean =>
  Reflect.getMetadata(TOKEN_IN_BODY, handler) === true;

export const hasFormsOfOthers = (handler: object): boolean =>
  Reflect.getMetadata(FORMS_OF_OTHERS, handler) === true;
