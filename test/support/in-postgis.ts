import type { Client } from 'pg';
import { withClient } from '../../launcher/private-cluster.ts';

/** PostGIS as the second opinion on a geometry: a connection of its own, whose temporary tables end with it. */
export const inPostgis = <T>(work: (client: Client) => Promise<T>): Promise<T> => {
  const url = new URL(process.env.TEST_SUPER_URL!);
  url.pathname = '/honua_test';
  return withClient(url.href, work);
};
