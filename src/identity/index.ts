export { Access, FormsOfOthers, OpenToAll, TokenInBody } from './access/access.js';
export { admit, Caller, callerOf } from './caller.js';
export { IdentityModule } from './identity.module.js';
export { type ApiKey, ApiKeys, type MadeKey } from './keys/api-keys.js';
export { Sessions } from './sessions.js';
export { SignIn } from './sign-in.js';
export { type Tenant, Tenants } from './tenants/tenants.js';
export { type Viewer, viewerOf } from './viewer.js';
