export { ArtifactStore, type ByteRange, type StoredArtifact } from './artifact-store.js';
export { ArtifactsModule } from './artifacts.module.js';
export { ArtifactLinks, type LinkClaims } from './artifact-links.js';
