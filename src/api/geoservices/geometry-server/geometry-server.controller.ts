import { Controller, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { Access, OpenToAll } from '../../../identity/index.js';
import { answerForm } from '../answer/answer-form.js';
import { Answers } from '../answer/answers.js';
import { CURRENT_VERSION, PREFIXES } from '../directory/directory.js';
import { GetAndPost } from '../request/get-and-post.js';
import { parametersOf } from '../request/parameters.js';
import { TakeRequest } from '../request/take-request.js';
import { GeometryCalls } from './geometry-calls.js';
import { geometryResultPage, geometryServicePage, operationFormPage } from './geometry-pages.js';
import { GEOMETRY_SERVICES, geometryOperation, type GeometryService } from './geometry-services.js';

/** Geometry in, geometry out: what clients ask for while somebody draws and measures. */
@ApiExcludeController()
@Controller(
  PREFIXES.flatMap((prefix) => GEOMETRY_SERVICES.map((name) => `${prefix}/services/${name}/GeometryServer`)),
)
export class GeometryServerController {
  constructor(
    private readonly take: TakeRequest,
    private readonly calls: GeometryCalls,
    private readonly answers: Answers,
    private readonly baseUrl: BaseUrl,
  ) {}

  @OpenToAll()
  @GetAndPost()
  async service(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = answerForm(await this.take.small(request));
    const document = { currentVersion: CURRENT_VERSION, serviceDescription: '' };
    if (form.format !== 'html') return this.answers.json(response, form, document);
    this.answers.page(response, geometryServicePage(this.baseUrl.of(request), placeOf(request)));
  }

  @Access({ scope: 'execute' })
  @GetAndPost(':operation')
  async operation(
    @Req() request: Request,
    @Res() response: Response,
    @Param('operation') name: string,
  ): Promise<void> {
    const operation = geometryOperation(name);
    const place = { base: this.baseUrl.of(request), service: placeOf(request), operation };
    if (wantsForm(request)) return this.answers.page(response, operationFormPage(place));
    const { form, bytes } = await this.calls.call(request, response, operation);
    if (form.format === 'html') return this.answers.page(response, geometryResultPage(place, bytes));
    const segment = { kind: 'inline' as const, bytes, size: bytes.length, sha256: '' };
    await this.answers.segments(response, form, [segment]);
  }
}

const placeOf = ({ path }: Request): GeometryService =>
  GEOMETRY_SERVICES[/\/services\/utilities\//i.test(path) ? 1 : 0]!;

function wantsForm(request: Request): boolean {
  if (request.method === 'POST') return false;
  return [...parametersOf(request)].every(([name, value]) => name === 'f' && /^(?:html)?$/i.test(value));
}
