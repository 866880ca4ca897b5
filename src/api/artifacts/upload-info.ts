import { ApiResponse } from '@nestjs/swagger';
import type { Upload } from '../../artifacts/index.js';

/** An upload as its owner is told of it; `href` is what an input names it by. */
export interface UploadInfo {
  id: string;
  href: string;
  mediaType: string;
  fileName?: string;
  /** Bytes. */
  size: number;
  sha256: string;
  /** RFC 3339, in UTC. */
  createdAt: string;
  expiresAt: string;
}

export function uploadInfo(upload: Upload, base: string): UploadInfo {
  const { id, mediaType, fileName, size, sha256, createdAt, expiresAt } = upload;
  return {
    id,
    href: `${base}/uploads/${id}/content`,
    mediaType,
    ...(fileName !== undefined && { fileName }),
    size,
    sha256,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

export const ApiUpload = (status: number): MethodDecorator =>
  ApiResponse({
    status,
    description: 'The upload',
    schema: {
      type: 'object',
      required: ['id', 'href', 'mediaType', 'size', 'sha256', 'createdAt', 'expiresAt'],
      properties: {
        id: text,
        href: { type: 'string', format: 'uri' },
        mediaType: text,
        fileName: text,
        size: { type: 'integer' },
        sha256: text,
        createdAt: time,
        expiresAt: time,
      },
    },
  });
