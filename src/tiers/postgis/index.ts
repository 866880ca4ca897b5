export { PostgisModule } from './postgis.module.js';
