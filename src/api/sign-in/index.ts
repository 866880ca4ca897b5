export { SignInModule } from './sign-in.module.js';
export { wayToSignIn } from './way-to-sign-in.js';
