import type { Context } from '../context.js';
import { climb } from '../doctor/climb.js';
import { RUNGS } from '../doctor/rungs.js';
import { usageFailure } from '../failure.js';

export interface DoctorOptions {
  upTo?: string;
}

/** Climbs from a job that only runs to twenty-five at once, and stops at the first rung that does not hold. */
export async function doctorBatch({ upTo }: DoctorOptions, context: Context): Promise<void> {
  const names: string[] = RUNGS.map(({ name }) => name);
  const last = upTo === undefined ? names.length - 1 : names.indexOf(upTo);
  if (last < 0) throw usageFailure(`There is no rung '${upTo}': they are ${names.join(', ')}.`);
  const { printer } = context;
  for (const rung of RUNGS.slice(0, last + 1)) {
    printer.note(`${rung.name} …`);
    const tookMs = Math.round(await climb(rung, context));
    if (printer.json) printer.value({ rung: rung.name, holds: true, tookMs }, { oneOfMany: true });
    else printer.lines([`${rung.name.padEnd(20)} holds  ${(tookMs / 1000).toFixed(1)} s`]);
  }
  if (!printer.json && last === names.length - 1) printer.lines(['go']);
}
