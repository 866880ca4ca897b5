const ARN = /^arn:(aws[a-z-]*):sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}$/;
const SUFFIXES: Record<string, string> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/** The region of a topic and the host of SNS there; undefined for what names no topic of a partition that is known. */
export function topicPlace(arn: string): { region: string; host: string } | undefined {
  const [, partition, region] = ARN.exec(arn) ?? [];
  const suffix = partition && SUFFIXES[partition];
  return suffix && region ? { region, host: `sns.${region}.${suffix}` } : undefined;
}
