import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Values of the tag `retention-days` that are kept to. Lifecycle rules match values, they cannot read numbers. */
export const RETENTIONS = [1, 3, 7, 14, 30, 90, 365];

/** A version that was replaced or deleted is gone this many days later: an erased tenant is to be erased. */
const SUPERSEDED = Duration.days(1);

/** The two buckets and their key. Both are versioned, and outlive the stack: they hold what cannot be made again. */
export class Storage extends Construct {
  readonly key: Key;
  readonly inputs: Bucket;
  readonly outputs: Bucket;

  constructor(scope: Construct, id: string, { retentionDays }: { retentionDays: number }) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Inputs, outputs and completions of Honua Geoprocessing',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new Alias(this, 'KeyName', { aliasName: 'alias/honua-geoprocessing', targetKey: this.key });
    this.inputs = this.bucket('Inputs', retentionDays);
    this.outputs = this.bucket('Outputs', retentionDays);
  }

  /** What S3 needs of whoever reads objects, or writes them, in parts too. */
  grantKey(grantee: IGrantable): void {
    this.key.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  private bucket(id: 'Inputs' | 'Outputs', retentionDays: number): Bucket {
    const { account, region } = Stack.of(this);
    return new Bucket(this, id, {
      // Names of buckets are shared by all accounts of AWS, so the plain name could be had once on earth.
      bucketName: `honua-geoprocessing-${id.toLowerCase()}-${account}-${region}`,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      // One data key for many objects: without it every object is a call that is billed and throttled.
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: lifecycle(retentionDays),
    });
  }
}

/** Of several rules that match an object the earliest applies, so the one for all others is the latest. */
function lifecycle(retentionDays: number): LifecycleRule[] {
  const tagged = [...new Set([...RETENTIONS, retentionDays])].sort((a, b) => a - b);
  return [
    ...tagged.map((days) => ({
      id: `retention-${days}-days`,
      tagFilters: { 'retention-days': String(days) },
      expiration: Duration.days(days),
    })),
    { id: 'longest', expiration: Duration.days(Math.max(400, ...tagged)) },
    {
      id: 'superseded-versions',
      noncurrentVersionExpiration: SUPERSEDED,
      abortIncompleteMultipartUploadAfter: Duration.days(1),
    },
    // A rule that expires objects may not also clear away delete markers.
    { id: 'delete-markers', expiredObjectDeleteMarker: true },
  ];
}
