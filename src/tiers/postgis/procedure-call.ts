import type { RunMessage } from '../../execution/index.js';
import type { Notice, WorkSession, WorkSessions } from '../../database/index.js';
import type { ResourceClassName, HonuaConfig } from '../../config/index.js';
import { AppError } from '../../shared/app-error.js';
import { crsUrn } from '../../shared/crs-reference.js';
import type { PreparedRequest } from './request-forms.js';
import type { StagedInput } from './thread-protocol.js';

/** A procedure that says more than this is not listened to. */
const MOST_MESSAGES = 100;
const LONGEST_MESSAGE = 1_000;
/** Characters of a result that are handed on at once. */
const PIECE = 256 * 1024;

type ClassLimits = HonuaConfig['tier2']['classes']['CpuBurst'];

export const limitsOf = ({ classes }: HonuaConfig['tier2'], resourceClass: ResourceClassName): ClassLimits =>
  resourceClass === 'PythonGpu' ? classes.LongTail : classes[resourceClass];

export const settingsOf = (applicationName: string, limits: ClassLimits): Record<string, string> => ({
  application_name: applicationName,
  statement_timeout: String(limits.statementTimeout),
  work_mem: `${Math.ceil(limits.workMemory / 1024)}kB`,
  temp_file_limit: `${Math.ceil(limits.temporaryFiles / 1024)}kB`,
});

export function toMessage({ severity, text }: Notice): RunMessage {
  return { level: severity === 'WARNING' ? 'warning' : 'info', text: text.slice(0, LONGEST_MESSAGE) };
}

/** Makes the table that a reference names an input of a session. Throws AppError where there is none any more. */
export type OfferTable = (session: WorkSession, href: string, input: StagedInput) => Promise<void>;

/** One call of a procedure in a session of its own. What it says is added to `messages`. */
export class ProcedureCall {
  readonly messages: RunMessage[] = [];
  features = 0;

  constructor(
    private readonly sessions: WorkSessions,
    private readonly settings: Record<string, string>,
    private readonly signal: AbortSignal,
    private readonly tables: OfferTable,
  ) {}

  /** `use` reads the result as GeoJSON text, piece by piece, while the session lasts. */
  run<T>(
    procedure: string,
    request: PreparedRequest,
    maxFeatures: number,
    use: (pieces: AsyncGenerator<Buffer>) => Promise<T>,
  ): Promise<T> {
    const hear = (notice: Notice): void => {
      if (this.messages.length < MOST_MESSAGES) this.messages.push(toMessage(notice));
    };
    return this.sessions.run(this.settings, hear, async (session) => {
      for (const part of request.parts) await this.stage(session, part);
      this.signal.throwIfAborted();
      // Its name comes from the list of what may be called, never from a request.
      const rows = session.column(
        `select '{"type":"Feature"' || coalesce(',"id":' || f.id, '') || ',"properties":' ||
                coalesce(f.properties, 'null') || ',"geometry":' || coalesce(f.geometry, 'null') || '}'
           from ${procedure}($1) as f`,
        [JSON.stringify({ ...request.request, $maxOutputFeatures: maxFeatures })],
      );
      return use(this.collection(rows, request.crs, maxFeatures));
    });
  }

  private async stage(
    session: WorkSession,
    { input, text }: PreparedRequest['parts'][number],
  ): Promise<void> {
    this.signal.throwIfAborted();
    if (input.table !== undefined) return this.tables(session, input.table, input);
    // A Buffer is bound as it is: the text is never a string here.
    await session.query('select honua_gp.stage_features($1, $2, $3, $4::text)', [
      input.name,
      input.srid,
      input.policy,
      text,
    ]);
  }

  private async *collection(
    rows: AsyncGenerator<string | null>,
    crs: string,
    maxFeatures: number,
  ): AsyncGenerator<Buffer> {
    const planar = crs !== 'OGC:CRS84' && crs !== 'EPSG:4326';
    const member = planar ? `"crs":{"type":"name","properties":{"name":"${crsUrn(crs)}"}},` : '';
    // Features are put together before they are bytes: one write for each would take longer than many procedures.
    let piece = `{"type":"FeatureCollection",${member}"features":[`;
    for await (const row of rows) {
      this.signal.throwIfAborted();
      if (++this.features > maxFeatures)
        throw new AppError(
          'too-large',
          'result-too-large',
          `The result has more than ${maxFeatures} features.`,
        );
      piece += this.features === 1 ? row! : `,${row!}`;
      if (piece.length < PIECE) continue;
      yield Buffer.from(piece);
      piece = '';
    }
    yield Buffer.from(`${piece}]}`);
  }
}
