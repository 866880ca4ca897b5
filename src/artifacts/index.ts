export { ArtifactStore, type ByteRange, type DirectUrl } from './artifact-store.js';
export { ArtifactsModule } from './artifacts.module.js';
export { ArtifactLinks, type LinkClaims } from './artifact-links.js';
export { logKey, logPrefix, outputPrefix, prefixesOf, stagingPrefix } from './run-keys.js';
export { type IncomingFile, type Upload, Uploads } from './uploads.js';
export { type UploadItem, UploadParts } from './upload-parts.js';
