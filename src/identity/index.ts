export { Caller, callerOf } from './caller.js';
export { IdentityModule } from './identity.module.js';
export { SignIn } from './sign-in.js';
