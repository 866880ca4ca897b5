import { RemovalPolicy } from 'aws-cdk-lib';
import { Repository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';

/** Where the images of the server and of the worker are kept. A tag names the same image for ever. */
export class Images extends Construct {
  readonly server: Repository;
  readonly worker: Repository;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.server = this.repository('Server', 'honua/server');
    this.worker = this.repository('Worker', 'honua/worker');
  }

  private repository(id: string, repositoryName: string): Repository {
    return new Repository(this, id, {
      repositoryName,
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { rulePriority: 1, tagStatus: TagStatus.UNTAGGED, maxImageCount: 1 },
        { rulePriority: 2, tagStatus: TagStatus.ANY, maxImageCount: 20 },
      ],
    });
  }
}
