import { RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** What the server is started with and no file may hold. Their names are in the outputs; their values nowhere. */
export class Secrets extends Construct {
  /** DATABASE_URL: it is stored by whoever made the database, before the server starts. */
  readonly databaseUrl: ISecret;
  /** HONUA_ADMIN_KEY, the key of the first operator. */
  readonly adminKey: Secret;
  /** LEDGER__KEY, which seals the ledger: with another one the seals of the past can no longer be checked. */
  readonly ledgerKey: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.databaseUrl = Secret.fromSecretNameV2(this, 'DatabaseUrl', 'honua/database-url');
    this.adminKey = this.generated('AdminKey', 'honua/admin-key');
    this.ledgerKey = this.generated('LedgerKey', 'honua/ledger-key');
  }

  grantRead(grantee: IGrantable): void {
    for (const secret of [this.databaseUrl, this.adminKey, this.ledgerKey]) secret.grantRead(grantee);
  }

  private generated(id: string, secretName: string): Secret {
    return new Secret(this, id, {
      secretName,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
