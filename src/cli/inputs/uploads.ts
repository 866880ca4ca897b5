import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { UploadInfo } from '../server/documents.js';
import type { Server } from '../server/server.js';
import { mediaTypeOf } from './media-type.js';

/** The files that were sent ahead for one request. */
export class Uploads {
  private readonly sent: UploadInfo[] = [];

  constructor(
    private readonly server: Server,
    private readonly tell: (text: string) => void,
  ) {}

  /** Sends a file as it is read, never whole in memory; resolves to what a request calls it by. Throws Failure. */
  async send(path: string): Promise<{ href: string; type: string }> {
    const type = mediaTypeOf(path);
    this.tell(`Sending ${path} …`);
    const { size } = await stat(path);
    const headers = { 'content-type': type, 'content-length': String(size) };
    const reply = await this.server.sendStream('/uploads', createReadStream(path), headers);
    const info = await this.server.read<UploadInfo>(reply);
    this.sent.push(info);
    // The path alone: the server may call itself by another name than it is reached by here.
    return { href: `/uploads/${info.id}/content`, type };
  }

  /** Runs keep a copy of their own: once the request is answered the files are in nobody's way. */
  async discard(): Promise<void> {
    for (const { id } of this.sent.splice(0))
      await this.server.send(`/uploads/${id}`, { method: 'DELETE' }).catch(() => undefined); // it expires in time
  }

  get count(): number {
    return this.sent.length;
  }
}
