import { All, Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '../../../shared/app-error.js';
import { OpenToAll } from '../../../identity/index.js';

/** What is below the paths of this protocol, but nothing. Comes after everything else. */
@ApiExcludeController()
@OpenToAll()
@Controller(['arcgis', 'rest'])
export class NowhereController {
  @All(['/', '*path'])
  nowhere(): never {
    throw new AppError('not-found', 'resource-not-found', 'There is no such resource.');
  }
}
