/**
 * test/architecture/may-import.json is the architecture as a table: which top folder of src may import which. Every rule
 * below is made from it, and test/architecture/boundaries.spec.ts plants one violation per rule.
 */
const mayImport = require('./test/architecture/may-import.json');
/** What everybody may use; shared stands below them all. */
const forAll = { shared: [], config: ['shared'], telemetry: ['shared', 'config'] };
const below = (module) => forAll[module] ?? [...mayImport[module], ...Object.keys(forAll)];

const modules = Object.keys(mayImport).join('|');
/** A package with one home: everybody else goes through the module that owns it. */
const homes = {
  'geos-wasm': 'geometry-codecs|tiers/in-process',
  piscina: 'tiers/in-process',
  typeorm: 'control-plane|database|tiers/postgis|data-sources|identity|artifacts',
  pg: 'database',
  'pg-cursor': 'database',
  'pg-boss': 'control-plane',
  'ipaddr.js': 'outbound-http',
  '@aws-sdk/client-batch': 'aws-batch',
  '@aws-sdk/client-cloudwatch-logs': 'aws-batch',
  '@aws-sdk': 'artifacts|tiers/cloud-batch|aws-batch',
  'sqs-consumer': 'tiers/cloud-batch/completion-consumer',
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.keys(mayImport).map((from) => ({
      name: `${from}-may-import`,
      severity: 'error',
      from: { path: `^src/${from}/` },
      to: { path: `^src/(${modules})/`, pathNot: `^src/(${[from, ...below(from)].join('|')})/` },
    })),
    {
      name: 'siblings-are-strangers',
      severity: 'error',
      from: { path: '^src/(api|tiers)/([^/]+)/' },
      to: { path: '^src/$1/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'through-the-front-door',
      comment: 'index.ts is for the server; worker.ts for code in worker threads, which must stay light',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: `^src/(${modules})/`,
        pathNot: ['^src/$1/', '^src/[^/]+/(index|worker)\\.ts$', '^src/shared/'],
      },
    },
    {
      name: 'shared-knows-no-framework',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: 'node_modules/(@nestjs|typeorm|rxjs)' },
    },
    {
      name: 'source-knows-no-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^(test|launcher|bench)/' },
    },
    ...Object.entries(homes).map(([vendor, home]) => ({
      name: `home-of-${vendor}`,
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/(${home})/`, '\\.spec\\.tsx?$'] },
      to: { path: `node_modules/${vendor}/` },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.tsx?$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
