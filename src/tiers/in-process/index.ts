export { InProcessModule } from './in-process.module.js';
