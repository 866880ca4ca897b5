import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeploymentOptions } from './deployment-options.ts';

/** What the service has to be told: the names of its configuration, and where else they are needed. */
export interface ServiceOutputsProps {
  /** Keys of `processing.cloudBatch`. */
  cloudBatch: Record<string, string>;
  /** For whoever starts the server or pushes an image. */
  more: Record<string, string>;
  options: DeploymentOptions;
}

/** Outputs that start so are keys of the service's configuration. */
export const SETTING = 'CloudBatch';

export const outputOf = (key: string): string => `${SETTING}${key[0]!.toUpperCase()}${key.slice(1)}`;

export class ServiceOutputs extends Construct {
  constructor(scope: Construct, id: string, { cloudBatch, more, options }: ServiceOutputsProps) {
    super(scope, id);
    const settings: Record<string, string> = {
      region: Stack.of(this).region,
      ...cloudBatch,
      defaultTimeoutSeconds: String(options.timeoutSeconds),
      retryAttempts: String(options.retryAttempts),
      enableSpotInstances: String(options.spot),
      spotMaxPricePercentage: String(options.spotMaxPricePercentage),
      s3RetentionDays: String(options.retentionDays),
    };
    for (const [key, value] of Object.entries(settings)) this.tell(outputOf(key), value);
    for (const [name, value] of Object.entries(more)) this.tell(name, value);
  }

  private tell(name: string, value: string): void {
    new CfnOutput(this, name, { value }).overrideLogicalId(name);
  }
}
