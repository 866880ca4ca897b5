import { AppError } from '../shared/app-error.js';

interface BodyHeaders {
  'content-type'?: string;
}

/**
 * Refuses a body that is not UTF-8 JSON, by its headers alone. A missing type is taken as JSON. Returns the media
 * type without parameters.
 */
export function requireJsonBody(headers: BodyHeaders): string {
  const [type, ...parameters] = (headers['content-type'] ?? 'application/json').split(';');
  const mediaType = type!.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw unsupported(`A body of application/json is taken, not '${printable(mediaType)}'.`);
  for (const parameter of parameters) {
    const [name, value] = parameter.split('=');
    if (name!.trim().toLowerCase() === 'charset' && !/^"?utf-?8"?$/i.test(value?.trim() ?? ''))
      throw unsupported('JSON is taken in UTF-8 only.');
  }
  return mediaType;
}

const unsupported = (message: string): AppError =>
  new AppError('unsupported-media-type', 'unsupported-media-type', message);

/** What a client sent, short and harmless enough to say back. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100);
