export { Access, OpenToAll, TokenInBody } from './access/access.js';
export { admit, Caller, callerOf } from './caller.js';
export { IdentityModule } from './identity.module.js';
export { SignIn } from './sign-in.js';
export { type Tenant, Tenants } from './tenants/tenants.js';
