export { Caller } from './caller.js';
export { IdentityModule } from './identity.module.js';
