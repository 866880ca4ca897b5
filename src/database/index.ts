export { DatabaseModule } from './database.module.js';
export { Database, type DatabaseSettings } from './database.js';
export { migrate } from './migrate.js';
export { Notifications, type NotificationListener } from './notifications.js';
export { isUnavailable } from './unavailable.js';
