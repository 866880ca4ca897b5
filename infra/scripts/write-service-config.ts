import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Outputs, serviceConfig } from './service-config.ts';

const [outputsFile, configFile] = process.argv.slice(2);
if (!outputsFile || !configFile)
  throw new Error('Usage: node scripts/write-service-config.ts OUTPUTS.json CONFIG.yaml');

const outputs = JSON.parse(readFileSync(outputsFile, 'utf8')) as Outputs;
const present = existsSync(configFile) ? readFileSync(configFile, 'utf8') : undefined;
writeFileSync(configFile, serviceConfig(outputs, present));
process.stdout.write(`${configFile} has the settings of the deployment.\n`);
