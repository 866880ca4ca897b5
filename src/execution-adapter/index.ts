export { ApiProblem } from './api-problem.js';
export { CONTENT_CODINGS, decodeBody } from './decode-body.js';
export { EnterAdmission } from './enter-admission.js';
export { tellQuota } from './rate-limit-fields.js';
export { readText } from './read-text.js';
export { answerEarly } from './answer-early.js';
export { BaseUrl } from './base-url.js';
export { openPayload } from './open-payload.js';
export { discardBody, spoolBody } from './spool-body.js';
export { incomingFile } from './incoming-file.js';
export { requireJsonBody } from './body-media-type.js';
export { type Segment, sendSegments } from './segments.js';
export { formTypeOf } from './forms/form-type.js';
export { readForm } from './forms/read-form.js';
export { watchFields } from './forms/field-watch.js';
export { outputIdOf, inputNames, plainName, publishedNames, taskName } from './parameter-names.js';
export type { InputParameters, OutputParameters } from './works/geoservices-values.js';
export { hangupOf, WaitForRun } from './wait-for-run.js';
export { crsOfReference } from './crs-of-reference.js';
export {
  GEOMETRY_OPERATION_NAMES,
  GEOMETRY_OPERATIONS,
  type GeometryOperationName,
} from './geometry-operations.js';
export type { GeometryWorkParameters } from './works/geometry-server/geometry-server.js';
export { itemIdOf, uploadIdOf } from './upload-item-id.js';
