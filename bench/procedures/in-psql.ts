import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { layerAt, type MeasuredProcess } from './requests.ts';

const run = promisify(execFile);
const WORK_MEMORY = '64MB';

/**
 * The time of the procedure's call in psql, in milliseconds, written to a file. What is not timed: the session, and the
 * views by which the layers are the procedure's inputs. Throws with what PostgreSQL says.
 */
export async function inPsql(
  url: string,
  folder: string,
  measured: MeasuredProcess,
  size: number,
): Promise<number> {
  const views = Object.entries(measured.layers).map(([input, layer]) => {
    const table = layerAt(input, layer, size);
    return `create temp view "input_${input}" as
      select t.id::bigint - (1) as n, to_json(t.id)::text as id,
             (select to_json(p) from (select t.name, t.value) p)::text as properties, t.geom from ${table} t;
      grant select on "input_${input}" to honua_tier2;`;
  });
  const script = `
    begin isolation level repeatable read;
    set local work_mem = '${WORK_MEMORY}';
    select postgis_lib_version();
    ${views.join('\n')}
    set local role honua_tier2;
    \\o ${join(folder, 'result')}
    \\timing on
    select '{"type":"Feature"' || coalesce(',"id":' || f.id, '') || ',"properties":' ||
           coalesce(f.properties, 'null') || ',"geometry":' || coalesce(f.geometry, 'null') || '}'
      from honua_gp.${measured.procedure}('${JSON.stringify(measured.request)}') as f;
    \\timing off
    \\o
    rollback;`;
  const file = join(folder, 'call.sql');
  writeFileSync(file, script);
  const { stdout } = await run('psql', [url, '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', file], {
    maxBuffer: 1024 ** 2,
  });
  return Number(/^Time: ([\d.]+) ms/m.exec(stdout)![1]);
}
