import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { serviceConfig } from '../scripts/service-config.ts';
import schema from '../../docs/reference/config.schema.json' with { type: 'json' };
import { synthesized } from './synthesized.ts';

/** What `processing.cloudBatch` has on AWS, but for what is not decided by a deployment. */
const KEYS = [
  'completionQueue',
  'defaultTimeoutSeconds',
  'enableSpotInstances',
  'gpuJobDefinition',
  'gpuJobQueue',
  'inputBucket',
  'jobDefinition',
  'jobQueue',
  'logGroupName',
  'outputBucket',
  'provider',
  'region',
  'retryAttempts',
  's3RetentionDays',
  'snsTopicArn',
  'spotMaxPricePercentage',
];

const outputs = {
  'honua-geoprocessing': Object.fromEntries(
    Object.entries(synthesized().Outputs).map(([name, { Value }]) => [
      name,
      typeof Value === 'string' ? Value : 'from AWS',
    ]),
  ),
};

it('has the settings that a deployment decides', () => {
  const { cloudBatch } = parse(serviceConfig(outputs)).processing;
  expect(Object.keys(cloudBatch).toSorted()).toEqual(KEYS);
  // The service takes no key that it does not know.
  const known = schema.properties.processing.properties.cloudBatch.properties;
  for (const key of Object.keys(cloudBatch)) expect(known).toHaveProperty(key);
  expect(cloudBatch).toMatchObject({
    provider: 'aws-batch',
    defaultTimeoutSeconds: 1800,
    retryAttempts: 3,
    enableSpotInstances: true,
    s3RetentionDays: 7,
  });
});

it('keeps what was there: comments, order, and what is not ours', () => {
  const present = [
    '# Of this site.',
    'role: worker',
    'processing:',
    '  cloudBatch:',
    '    region: eu-west-1 # moved',
    '    jobBaseName: mine',
  ].join('\n');
  const text = serviceConfig({ any: { CloudBatchRegion: 'eu-central-1' } }, present);
  expect(text).toBe(
    [
      '# Of this site.',
      'role: worker',
      'processing:',
      '  cloudBatch:',
      '    region: eu-central-1 # moved',
      '    jobBaseName: mine',
      '    provider: aws-batch',
      '',
    ].join('\n'),
  );
});

it('refuses what are no outputs of the stack', () => {
  expect(() => serviceConfig({ other: { Url: 'https://example.org' } })).toThrow(/no outputs/);
});
