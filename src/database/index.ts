export { DatabaseModule } from './database.module.js';
export { Database } from './database.js';
export { migrate } from './migrate.js';
export { Notifications } from './notifications.js';
export { serviceSecret } from './service-secret.js';
export { isUnavailable } from './unavailable.js';
export { type Notice, type WorkSession, WorkSessions } from './work-sessions.js';
