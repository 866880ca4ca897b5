export { Logger } from 'nestjs-pino';
export { TelemetryModule } from './telemetry.module.js';
