export { ARTIFACT_NAME } from './artifact-key.js';
export { ArtifactStore, type ByteRange, type DirectUrl } from './artifact-store.js';
export { ArtifactsModule } from './artifacts.module.js';
export { ArtifactLinks, type LinkClaims } from './artifact-links.js';
export { logKey, logPrefix, outputPrefix, prefixesOf, stagingPrefix } from './run-keys.js';
export { findRunFile } from './run-files.js';
export { type IncomingFile, type Upload, Uploads } from './uploads.js';
export { type UploadItem, UploadParts } from './upload-parts.js';
