import { isIP } from 'node:net';
import { z } from 'zod';
import { cloudBatch } from './cloud-batch-settings.js';
import { fromJson, issuer } from './issuer-settings.js';
import { limitsSchema } from './limit-settings.js';
import { layer, LAYER_NAME } from './layer-settings.js';
import { byteSize, count, duration, list, positive } from './value-types.js';

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

const network = z.string().refine(
  (text) => {
    const [address, bits, ...more] = text.split('/');
    const version = isIP(address!);
    const longest = version === 4 ? 32 : 128;
    return (
      NAMED_NETWORKS.includes(text) ||
      (version !== 0 &&
        more.length === 0 &&
        (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest)))
    );
  },
  `an IP address, a network such as 10.0.0.0/8, or one of ${NAMED_NETWORKS.join(', ')}`,
);

const resourceClass = z.strictObject({
  maxExecutionTime: duration,
  maxInlineDuration: duration
    .optional()
    .describe('longest synchronous wait; the limit of `limits` where absent'),
  maxMemory: byteSize,
  alwaysAsync: z.boolean().default(false),
  needsApproval: z
    .boolean()
    .default(false)
    .describe('its runs wait in the queue until an operator approves them'),
});

const tierCost = z.strictObject({
  cpuSecond: z.number().nonnegative(),
  wallSecond: z.number().nonnegative(),
  gigabyte: z.number().nonnegative().describe('of input and results'),
});

const databaseLimits = z.strictObject({
  statementTimeout: duration.describe('a statement that takes longer is left to the next tier'),
  workMemory: byteSize,
  temporaryFiles: byteSize.describe('on disk, for one session; only where the login may set temp_file_limit'),
});

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i;

/**
 * Everything an operator can set. Files are `config/default.yaml` and `config/<HONUA_ENV>.yaml`; the environment
 * overrides any key with `__` between levels, in any case. Unknown keys are faults.
 */
const settings = z.strictObject({
  role: z.enum(['all', 'api', 'worker']),
  server: z.strictObject({
    host: z.string(),
    port: z.number().int().min(0).max(65535),
    publicUrl: z.url().nullable().describe('the URL clients see, where a proxy stands before the server'),
    trustedProxies: list(network).describe(
      'whose X-Forwarded-Proto, -Host, -Prefix and -For are believed: IP addresses, networks, loopback, linklocal, uniquelocal',
    ),
    compressAbove: byteSize.describe('answers larger than this are compressed for clients that take it'),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    shutdownGrace: duration,
  }),
  database: z.strictObject({
    url: z
      .string()
      .nullable()
      .describe('PostgreSQL connection URL; the start command sets it where it is absent'),
    poolSize: positive,
    statementTimeout: duration,
  }),
  limits: limitsSchema,
  resourceClasses: z.strictObject({
    CpuBurst: resourceClass,
    DbHeavy: resourceClass,
    PythonGpu: resourceClass,
    LongTail: resourceClass,
  }),
  cost: z
    .strictObject({ 'in-process': tierCost, postgis: tierCost, 'cloud-batch': tierCost })
    .describe('cost units that a run is charged by what it used, on each tier'),
  processing: z.strictObject({
    policyRefresh: duration.describe(
      'policies and limits of tenants are read again this often; changes are told at once besides',
    ),
    mode: z.enum(['Embedded']),
    tier1Enabled: z.boolean(),
    tier2Enabled: z.boolean(),
    tier3Enabled: z.boolean(),
    processesFolder: z.string(),
    layerFolders: list(z.string()).describe(
      'where files may be that operators declare as layers by the admin API',
    ),
    logRetentionDays: z
      .number()
      .positive()
      .describe('how long logs of workers are kept, unless a policy says otherwise'),
    cloudBatch,
    queue: z.strictObject({ schema: z.string().regex(/^[a-z_][a-z0-9_]*$/), maxDepth: positive }),
    artifactStore: z.strictObject({
      provider: z.enum(['local', 's3']),
      folder: z
        .string()
        .nullable()
        .describe(
          'local: the folder; s3: where copies are that are read by path; the state folder where absent',
        ),
      bucket: z.string().describe('s3: for everything, where cloudBatch.provider is not aws-batch'),
      requireServerSideEncryption: z
        .boolean()
        .describe('s3: every object is encrypted by a key of KMS; false: as its bucket does it'),
      kmsKeyId: z
        .string()
        .nullable()
        .describe('s3: id or ARN of that key; that of the bucket, or of the account, where absent'),
      redirectDownloads: z
        .boolean()
        .describe(
          's3: clients are sent to S3 for large outputs; pages of others need a CORS rule of the bucket',
        ),
      spoolBytes: byteSize.describe('s3: most bytes of copies that are read by path, in all processes'),
      defaultExpiry: duration,
    }),
  }),
  scheduling: z.strictObject({
    lease: duration,
    renewEvery: duration,
    sweepEvery: duration,
    pollEvery: duration,
    maxLostAttempts: positive,
    maxQueuedPerTenant: positive,
    syncSlots: count.describe('synchronous runs at once in this process; beyond it a run goes asynchronous'),
    progressEvery: duration,
  }),
  workers: z.strictObject({
    smallLaneBytes: byteSize.describe('bodies up to this size go to the small lane'),
    small: positive,
    work: positive.describe('threads for work that is no run, such as writing results in another form'),
    large: count.describe('0: one less than the processors, at least 1'),
    maxQueue: positive,
    wasmMemory: byteSize,
    heapMemory: byteSize,
    recycleAbove: byteSize,
  }),
  tier2: z
    .strictObject({
      poolSize: positive.describe('connections of this process that work at once'),
      maxPerTenant: positive.describe('of them, how many may work for one tenant'),
      maxQueue: count.describe('attempts that wait for a connection; beyond it the next tier is tried'),
      maxRequestBytes: byteSize.describe('features of a request that are sent to the database'),
      maxLayerFeatures: positive.describe('features of a layer that a run works on where they are'),
      classes: z.strictObject({
        CpuBurst: databaseLimits,
        DbHeavy: databaseLimits,
        LongTail: databaseLimits,
      }),
    })
    .describe('the postgis tier, which runs procedures in the database'),
  layers: z
    .record(z.string().regex(LAYER_NAME), layer)
    .describe('datasets that requests may name by their key: `{"layerReference": "roads"}`'),
  connections: z
    .record(
      z.string().regex(LAYER_NAME),
      z.strictObject({
        url: z.string().optional().describe('with its secret, by the environment'),
        urlFile: z.string().optional().describe('file that holds the URL'),
      }),
    )
    .describe('other PostgreSQL databases with PostGIS that layers may be in'),
  retention: z.strictObject({
    runs: duration.describe('whole months of finished runs older than this are dropped'),
    artifacts: duration,
    idempotencyKeys: duration,
    partitionsAhead: positive.describe('months of partitions made in advance'),
  }),
  ledger: z
    .strictObject({
      key: z
        .string()
        .min(32)
        .nullable()
        .describe('secret that seals the ledger, by the environment; the same on every server'),
      keyFile: z.string().nullable().describe('file that holds the secret; made where it is not there'),
      earlierKeys: list(z.string()).describe('secrets it was sealed with before'),
      sealEvery: duration,
    })
    .describe('the seal over the audit ledger'),
  uploads: z.strictObject({
    expiry: duration.describe('how long an upload can be used'),
    maxPerTenant: positive,
    maxBytesPerTenant: byteSize,
  }),
  outbound: z
    .strictObject({
      allow: list(z.string()).describe(
        'hosts that may be called wherever they lead: `host`, `host:port`, `*.domain[:port]`, `[v6]:port`',
      ),
      onlyAllowed: z.boolean().describe('true: nobody but those in `allow` is called'),
      ports: list(z.coerce.number().int().min(1).max(65535)).describe(
        'ports of hosts that are not in `allow`',
      ),
      connectTimeout: duration,
      fetchTimeout: duration.describe('an input by reference must be here whole by then'),
    })
    .describe('calls to URLs that a request named: inputs by reference, callbacks'),
  callbacks: z
    .strictObject({
      timeout: duration.describe('a receiver that has not answered by then has not been told'),
      retries: count.describe('tries after the first, at distances that double'),
      firstRetry: duration,
      longestRetry: duration,
    })
    .describe('what subscribers of runs are told'),
  identity: z.strictObject({
    mode: z
      .enum(['open', 'required'])
      .describe(
        'open: everybody is the tenant `default`, on a loopback address alone; required: callers sign in',
      ),
    bootstrapKey: z
      .string()
      .regex(/^[\x21-\x7e]{32,200}$/, 'at least 32 characters, none of them a space')
      .nullable()
      .describe('the key of the first operator, by the environment: HONUA_ADMIN_KEY'),
    logins: z
      .string()
      .nullable()
      .describe('who may sign in by name, by the environment: name:password@tenant, parted by commas'),
    tokenLifetime: duration.describe('longest, of a token for a name and a password'),
    sessionLifetime: duration.describe('of who signs in on a page'),
    keyRotationGrace: duration.describe('how long a key is good after a new one took its place'),
    failedAttempts: z
      .strictObject({ max: positive, per: duration })
      .describe('of one address, after which it waits'),
    issuers: z
      .preprocess(fromJson, z.array(issuer))
      .describe('whose JSON Web Tokens are taken; in the environment as JSON'),
  }),
  ogc: z.strictObject({
    syncLinkHeader: z
      .boolean()
      .describe('false: no Link header on synchronous replies (one broken test of the OGC suite)'),
  }),
});

export const configSchema = settings.superRefine(({ identity, server }, context) => {
  const { mode, logins, bootstrapKey, issuers } = identity;
  if (mode === 'required') return;
  if (!LOOPBACK.test(server.host))
    context.addIssue({
      code: 'custom',
      path: ['identity', 'mode'],
      message: `open is for a loopback address alone, and server.host is ${server.host}: set identity.mode to required`,
    });
  if (logins !== null || bootstrapKey !== null || issuers.length > 0)
    context.addIssue({
      code: 'custom',
      path: ['identity', 'mode'],
      message:
        'open asks nobody who they are, and there are logins, keys or issuers: set identity.mode to required',
    });
});

export type HonuaConfig = z.infer<typeof configSchema>;
