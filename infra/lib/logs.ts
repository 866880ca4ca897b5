import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** What jobs and the server say. */
export class Logs extends Construct {
  readonly jobs: LogGroup;
  readonly server: LogGroup;

  constructor(scope: Construct, id: string, { logRetentionDays }: { logRetentionDays: number }) {
    super(scope, id);
    const common = {
      retention: logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    this.jobs = new LogGroup(this, 'Jobs', { ...common, logGroupName: '/aws/batch/honua-geoprocessing' });
    this.server = new LogGroup(this, 'Server', { ...common, logGroupName: '/honua/geoprocessing-server' });
  }
}
