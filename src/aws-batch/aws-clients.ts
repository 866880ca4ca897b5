/** Loaded when first called: a server without AWS pays nothing for it. */
import type { BatchClient } from '@aws-sdk/client-batch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

type BatchSdk = typeof import('@aws-sdk/client-batch') & { client: BatchClient };
type LogsSdk = typeof import('@aws-sdk/client-cloudwatch-logs') & { client: CloudWatchLogsClient };

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 20_000;

/** Clients that try nothing again by themselves: a second SubmitJob would be a second job. */
export class AwsClients {
  private loadedBatch?: Promise<BatchSdk>;
  private loadedLogs?: Promise<LogsSdk>;

  constructor(private readonly region: string) {}

  batch(): Promise<BatchSdk> {
    return (this.loadedBatch ??= import('@aws-sdk/client-batch').then((sdk) => ({
      ...sdk,
      client: new sdk.BatchClient(this.settings()),
    })));
  }

  logs(): Promise<LogsSdk> {
    return (this.loadedLogs ??= import('@aws-sdk/client-cloudwatch-logs').then((sdk) => ({
      ...sdk,
      client: new sdk.CloudWatchLogsClient(this.settings()),
    })));
  }

  async close(): Promise<void> {
    (await this.loadedBatch)?.client.destroy();
    (await this.loadedLogs)?.client.destroy();
  }

  private settings(): object {
    return {
      region: this.region,
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: ANSWER_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    };
  }
}
