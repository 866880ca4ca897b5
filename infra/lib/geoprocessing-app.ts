import { createRequire } from 'node:module';
import { App, type AppProps, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { readOptions } from './deployment-options.ts';
import { GeoprocessingStack } from './geoprocessing-stack.ts';

/** How the library is to behave where older versions did otherwise: as it recommends to new projects. */
const FLAGS = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json') as Record<
  string,
  unknown
>;

export const STACK_NAME = 'honua-geoprocessing';

/**
 * The stack with the options of the command line (`-c zones=1`) or of `cdk.context.json`. It names no account and no region:
 * they are those of the credentials that it is deployed with.
 */
export function makeApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...FLAGS, ...props.context } });
  new GeoprocessingStack(app, STACK_NAME, {
    description: 'Runs the jobs of Honua Geoprocessing on AWS Batch',
    options: readOptions((key) => app.node.tryGetContext(key)),
    // Deployed with the rights of whoever deploys it. Of the bootstrap stack it uses the bucket for templates alone.
    synthesizer: new CliCredentialsStackSynthesizer(),
  });
  return app;
}
