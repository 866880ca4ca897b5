import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { type IncomingFile, UploadParts, Uploads } from '../../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { BaseUrl, incomingFile, uploadIdOf } from '../../../execution-adapter/index.js';
import { Access, admit, callerOf, SignIn } from '../../../identity/index.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import { answerForm } from '../answer/answer-form.js';
import { Answers, type DirectoryPage } from '../answer/answers.js';
import { PREFIXES } from '../directory/directory.js';
import { GetAndPost } from '../request/get-and-post.js';
import { type Parameters, parametersOf, remember } from '../request/parameters.js';
import { TakeRequest } from '../request/take-request.js';
import { gpService, type GpService } from './services.js';
import { describeUpload } from './upload-items.js';
import { uploadFormPage, uploadPage, uploadsPage } from './upload-pages.js';

type Path = { service: string; itemId: string };

const MEBIBYTE = 1024 ** 2;
const USUAL_TYPE = 'application/octet-stream';
const LONGEST_TEXT = 1000;

/** Files sent ahead, whole or in parts; `{"itemID"}` stands for one wherever a parameter takes features. */
@ApiExcludeController()
@Controller(PREFIXES.map((prefix) => `${prefix}/services/:service/GPServer/uploads`))
export class GpUploadsController {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly take: TakeRequest,
    private readonly answers: Answers,
    private readonly baseUrl: BaseUrl,
    private readonly uploads: Uploads,
    private readonly parts: UploadParts,
    private readonly signIn: SignIn,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  @Access({ scope: 'read' })
  @GetAndPost(['/', 'info'])
  async info(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const parameters = await this.take.small(request);
    const document = { maxUploadFileSize: Math.floor(this.maxBytes / MEBIBYTE), maxUploadFileSizeUnit: 'MB' };
    this.tell({ request, response, path }, parameters, document, (base, service) =>
      uploadsPage(base, service, document),
    );
  }

  @Access({ scope: 'execute' })
  @GetAndPost('upload')
  async upload(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    if (!carriesFile(request)) {
      await this.take.small(request);
      return this.form({ request, response, path });
    }
    const { principal, file, parameters } = await this.incoming(request);
    const { id } = await this.uploads.take(principal, file);
    await this.tellItem({ request, response, path }, parameters(), id);
  }

  @Access({ scope: 'execute' })
  @GetAndPost('register')
  async register(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const parameters = await this.take.small(request);
    const principal = callerOf(request);
    const fileName = parameters.get('itemname')?.trim();
    if (!fileName) throw invalidInput('itemName is missing.', [{ path: '/itemName', message: 'is missing' }]);
    const id = await this.uploads.register(principal, {
      mediaType: USUAL_TYPE,
      fileName: safeName(fileName),
      description: parameters.get('description')?.slice(0, LONGEST_TEXT),
    });
    await this.tellItem({ request, response, path }, parameters, id);
  }

  @Access({ scope: 'read', ids: ['itemId'] })
  @GetAndPost(':itemId')
  async item(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    await this.tellItem({ request, response, path }, await this.take.small(request), idOf(path), false);
  }

  @Access({ scope: 'execute', ids: ['itemId'] })
  @GetAndPost(':itemId/uploadPart')
  async uploadPart(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    if (!carriesFile(request)) {
      await this.take.small(request);
      throw invalidInput('Send the part as a form with partFile, by POST.');
    }
    const { principal, file, parameters } = await this.incoming(request);
    const part = Number(parameters().get('partid') ?? parameters().get('partnum') ?? NaN);
    await this.parts.take(principal.tenant, idOf(path), { part, file });
    this.tell({ request, response, path }, parameters(), { success: true, partId: part });
  }

  @Access({ scope: 'execute', ids: ['itemId'] })
  @GetAndPost(':itemId/commit')
  async commit(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const parameters = await this.take.small(request);
    const { tenant } = callerOf(request);
    await this.parts.commit(tenant, idOf(path), partsOf(parameters.get('parts')));
    await this.tellItem({ request, response, path }, parameters, idOf(path));
  }

  @Access({ scope: 'execute', ids: ['itemId'] })
  @GetAndPost(':itemId/delete')
  async delete(@Req() request: Request, @Res() response: Response, @Param() path: Path): Promise<void> {
    const parameters = await this.take.small(request);
    const { tenant } = callerOf(request);
    const { id } = await this.parts.item(tenant, idOf(path));
    await this.uploads.remove(tenant, id);
    this.tell({ request, response, path }, parameters, { success: true, itemID: path.itemId });
  }

  private get maxBytes(): number {
    return this.config.limits.maxArtifactSizeBytes;
  }

  /** What stands in the form before the file is known at once, everything when the file is whole. */
  private async incoming(
    request: Request,
  ): Promise<{ principal: Principal; file: IncomingFile; parameters: () => Parameters }> {
    const file = await incomingFile(request, this.maxBytes);
    const parameters = (): Parameters =>
      remember(request, new Map([...parametersOf(request), ...(file.fields ?? [])]));
    try {
      const token = parameters().get('token');
      if (token !== undefined) await this.signIn.identify(request, token);
      admit(request);
      return { principal: callerOf(request), file, parameters };
    } catch (error) {
      file.content.destroy();
      throw error;
    }
  }

  private form({ request, response, path }: Exchange): void {
    this.answers.page(response, uploadFormPage(this.baseUrl.of(request), gpService(path.service)));
  }

  private async tellItem(
    exchange: Exchange,
    parameters: Parameters,
    id: string,
    changed = true,
  ): Promise<void> {
    const item = describeUpload(await this.parts.item(callerOf(exchange.request).tenant, id));
    const document = changed ? { success: true, item } : item;
    this.tell(exchange, parameters, document, (base, service) => uploadPage(base, service, item));
  }

  /** JSON where no page is made of it, as clients that send files expect it. */
  private tell(
    { request, response, path }: Exchange,
    parameters: Parameters,
    document: object,
    page?: (base: string, service: GpService) => DirectoryPage,
  ): void {
    const form = answerForm(parameters);
    const service = gpService(path.service);
    if (form.format === 'html' && page) this.answers.page(response, page(this.baseUrl.of(request), service));
    else
      this.answers.json(
        response,
        { ...form, format: form.format === 'html' ? 'pjson' : form.format },
        document,
      );
  }
}

interface Exchange {
  request: Request;
  response: Response;
  path: Path;
}

const carriesFile = ({ method, headers }: Request): boolean =>
  method === 'POST' && /^multipart\/form-data/i.test(headers['content-type'] ?? '');

function idOf({ itemId }: Path): string {
  const id = uploadIdOf(itemId);
  if (id === undefined) throw new AppError('not-found', 'upload-not-found', 'There is no such upload.');
  return id;
}

/** Characters that a header of ours could not carry again become underscores. */
const safeName = (name: string): string => name.replaceAll(/[^\x20-\x7e]|["\\/]/g, '_').slice(0, 200);

/** `1,2,3` or a JSON array; undefined where all that are there are meant. */
function partsOf(text: string | undefined): number[] | undefined {
  const list = text?.replaceAll(/[[\]\s"]/g, '') ?? '';
  if (list === '') return undefined;
  const parts = list.split(',').map(Number);
  if (parts.every((part) => Number.isInteger(part) && part > 0)) return parts;
  throw invalidInput('parts must be numbers separated by commas.', [
    { path: '/parts', message: 'must be numbers separated by commas' },
  ]);
}
