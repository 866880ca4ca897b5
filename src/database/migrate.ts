import { DataSource } from 'typeorm';
import { CreateRuns1763769600000 } from '../../migrations/1763769600000-create-runs.js';
import { CreateServiceSecrets1763769700000 } from '../../migrations/1763769700000-create-service-secrets.js';
import { TellSubscribers1763770500000 } from '../../migrations/1763770500000-tell-subscribers.js';
import { CreateUploads1763771000000 } from '../../migrations/1763771000000-create-uploads.js';
import { CreateUploadParts1763772010000 } from '../../migrations/1763772010000-create-upload-parts.js';
import { CreateMeteredCalls1763772020000 } from '../../migrations/1763772020000-create-metered-calls.js';
import { CreateProcedures1763773000000 } from '../../migrations/1763773000000-create-procedures.js';
import { DescribeTenants1763774000000 } from '../../migrations/1763774000000-describe-tenants.js';
import { CreateApiKeys1763774001000 } from '../../migrations/1763774001000-create-api-keys.js';
import { EraseTenants1763774002000 } from '../../migrations/1763774002000-erase-tenants.js';
import { SteerAdmission1763775000000 } from '../../migrations/1763775000000-steer-admission.js';
import { SealLedger1763776000000 } from '../../migrations/1763776000000-seal-ledger.js';
import { SwitchTiers1763776100000 } from '../../migrations/1763776100000-switch-tiers.js';
import { IndexExpiry1763776200000 } from '../../migrations/1763776200000-index-expiry.js';
import { AddClusters1763778000000 } from '../../migrations/1763778000000-add-clusters.js';
import { StageTables1763778001000 } from '../../migrations/1763778001000-stage-tables.js';
import { DeclareLayers1763778002000 } from '../../migrations/1763778002000-declare-layers.js';
import { AddSpatialJoin1763778110000 } from '../../migrations/1763778110000-add-spatial-join.js';
import { AddNearest1763778120000 } from '../../migrations/1763778120000-add-nearest.js';
import { AddTessellations1763778130000 } from '../../migrations/1763778130000-add-tessellations.js';
import { AddHulls1763778140000 } from '../../migrations/1763778140000-add-hulls.js';
import { AddKmeans1763778200000 } from '../../migrations/1763778200000-add-kmeans.js';
import { AddGrids1763778210000 } from '../../migrations/1763778210000-add-grids.js';
import { AddInterpolation1763778220000 } from '../../migrations/1763778220000-add-interpolation.js';
import { AddHeatmap1763778230000 } from '../../migrations/1763778230000-add-heatmap.js';
import { RequirePlane1763778239000 } from '../../migrations/1763778239000-require-plane.js';
import { EntrustRuns1763779000000 } from '../../migrations/1763779000000-entrust-runs.js';
import { ArrayRuns1763779100000 } from '../../migrations/1763779100000-array-runs.js';
import { MeasurableInputs1763780100000 } from '../../migrations/1763780100000-measurable-inputs.js';
import { AddSubdivide1763780110000 } from '../../migrations/1763780110000-add-subdivide.js';
import { AddSnapToGrid1763780120000 } from '../../migrations/1763780120000-add-snap-to-grid.js';
import { AddCoverageSimplify1763780130000 } from '../../migrations/1763780130000-add-coverage-simplify.js';
import { AppError } from '../shared/app-error.js';

/** In order. A migration that was released is never changed: add another. */
export const MIGRATIONS = [
  CreateRuns1763769600000,
  CreateServiceSecrets1763769700000,
  TellSubscribers1763770500000,
  CreateUploads1763771000000,
  CreateUploadParts1763772010000,
  CreateMeteredCalls1763772020000,
  CreateProcedures1763773000000,
  DescribeTenants1763774000000,
  CreateApiKeys1763774001000,
  EraseTenants1763774002000,
  SteerAdmission1763775000000,
  SealLedger1763776000000,
  SwitchTiers1763776100000,
  IndexExpiry1763776200000,
  AddClusters1763778000000,
  StageTables1763778001000,
  DeclareLayers1763778002000,
  AddSpatialJoin1763778110000,
  AddNearest1763778120000,
  AddTessellations1763778130000,
  AddHulls1763778140000,
  AddKmeans1763778200000,
  AddGrids1763778210000,
  AddInterpolation1763778220000,
  AddHeatmap1763778230000,
  RequirePlane1763778239000,
  EntrustRuns1763779000000,
  ArrayRuns1763779100000,
  MeasurableInputs1763780100000,
  AddSubdivide1763780110000,
  AddSnapToGrid1763780120000,
  AddCoverageSimplify1763780130000,
];

const TABLE = 'honua_migrations';
const LOCK = 7200;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Brings the schema up to this version as the login user, who owns it. Servers that start together wait for each other.
 * Throws AppError `unavailable` where the schema is newer than this code, or the user may not make roles.
 */
export async function migrate(url: string): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'honua-migrate',
    migrations: MIGRATIONS,
    migrationsTableName: TABLE,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolSize: 2,
    logger: 'debug', // silent: what goes wrong is thrown
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [LOCK]);
    await refuseNewer(source);
    await createPostgis(source);
    await source.runMigrations();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new AppError('unavailable', 'database-privileges', message, { cause: error });
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {});
    await lock.release();
    await source.destroy();
  }
}

async function refuseNewer(source: DataSource): Promise<void> {
  const [{ present }] = (await source.query('select to_regclass($1) is not null as present', [TABLE])) as [
    { present: boolean },
  ];
  if (!present) return;
  const applied = (await source.query(`select name from ${TABLE}`)) as { name: string }[];
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const stranger = applied.find(({ name }) => !known.has(name));
  if (!stranger) return;
  throw new AppError(
    'unavailable',
    'schema-newer',
    `The database schema is newer than this server (it has ${stranger.name}): start the newer version.`,
  );
}

/** PostGIS is wanted, not needed: without it its tier is unavailable and everything else works. */
async function createPostgis(source: DataSource): Promise<void> {
  await source.query('create extension if not exists postgis').catch(() => {});
}
