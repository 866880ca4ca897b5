import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import type { OperationContext } from './operation.js';

/**
 * Reads numbers from the attribute that an input names; undefined where a feature has none, which `report` tells of values
 * that are something else. Throws AppError where no feature has the attribute.
 */
export class AttributeNumbers {
  private readonly attribute: string | undefined;
  private hasOthers = false;

  constructor(
    private readonly context: OperationContext,
    input: string,
    features: FeatureRecord[],
  ) {
    this.attribute = context.expression.text(input);
    if (this.attribute === undefined || features.length === 0) return;
    if (features.some(({ properties }) => properties && Object.hasOwn(properties, this.attribute!))) return;
    const message = `no feature has the attribute ${this.attribute}`;
    throw invalidInput(`/inputs/${input}: ${message}`, [{ path: `/inputs/${input}`, message }]);
  }

  of({ properties }: FeatureRecord): number | undefined {
    if (this.attribute === undefined || !properties || !Object.hasOwn(properties, this.attribute))
      return undefined;
    const value = properties[this.attribute];
    if (typeof value === 'number') return value;
    if (value !== null && value !== undefined) this.hasOthers = true;
    return undefined;
  }

  report(): void {
    if (!this.hasOthers) return;
    this.context.messages.push({
      level: 'warning',
      text: `Values of ${this.attribute} that are no numbers were left out.`,
    });
  }
}
