import { canInstall, installPostgis } from './install-postgis.ts';
import { packagedBinaries, systemBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { Hint, say, step } from './say.ts';

/**
 * PostgreSQL programs for a private cluster, in this order: installed with PostGIS; installed now from the
 * distribution; those of the npm package, without PostGIS (its tier is then reported unavailable by name).
 * `HONUA_NO_INSTALL` leaves the second out.
 */
export async function findPostgres(): Promise<PostgresBinaries> {
  const installed = await systemBinaries();
  if (installed[0]?.postgis) return taken(installed[0], 'installed on this machine');

  if (!process.env['HONUA_NO_INSTALL'] && (await canInstall())) {
    const failure = await step('Database: installing PostgreSQL and PostGIS', installPostgis).then(
      () => undefined,
      (error: Error) => error,
    );
    const now = (await systemBinaries())[0];
    if (now?.postgis) return taken(now, 'installed just now');
    say(`Database: PostGIS could not be installed (${failure?.message ?? 'not found afterwards'})`);
  }
  const rest = installed[0] ?? (await packagedBinaries());
  if (rest) return taken(rest, 'without PostGIS: the PostGIS tier is unavailable');
  throw new Hint(
    'No PostgreSQL was found and none can be installed: set DATABASE_URL to a PostgreSQL 15 or newer.',
  );
}

function taken(binaries: PostgresBinaries, why: string): PostgresBinaries {
  say(`Database: PostgreSQL ${binaries.version} from ${binaries.folder} (${why})`);
  return binaries;
}
