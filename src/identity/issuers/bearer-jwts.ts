import { Inject, Injectable, Logger } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { OutboundHttp } from '../../outbound-http/index.js';
import { AppError } from '../../shared/app-error.js';
import { OPERATORS_TENANT, type Principal, type Scope } from '../../shared/principal.js';
import { type Issuer, issuerKeys } from './issuer-keys.js';

const LONGEST_NAME = 200;

/** JSON Web Tokens of the issuers that the configuration trusts, and of no others. */
@Injectable()
export class BearerJwts {
  private readonly log = new Logger(BearerJwts.name);
  private readonly issuers: Map<string, { issuer: Issuer; keys: JWTVerifyGetKey }>;

  constructor(@Inject(CONFIG) config: HonuaConfig, outbound: OutboundHttp) {
    this.issuers = new Map(
      config.identity.issuers.map((issuer) => [
        issuer.issuer,
        { issuer, keys: issuerKeys(issuer, outbound) },
      ]),
    );
  }

  /** Whose token it is; undefined for one that is not to be believed. Throws AppError `unavailable`. */
  async verify(token: string): Promise<Principal | undefined> {
    const trusted = this.issuers.get(claimedIssuer(token));
    if (!trusted) return undefined;
    const { issuer, keys } = trusted;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: issuer.issuer,
        audience: issuer.audience,
        algorithms: issuer.algorithms,
        clockTolerance: issuer.clockSkew / 1_000,
        requiredClaims: ['exp', 'sub'],
      });
      return issuer.types.includes(typeOf(protectedHeader.typ)) ? principalOf(payload, issuer) : undefined;
    } catch (error) {
      if (isOfTheToken(error)) return undefined;
      this.log.error(`The keys of ${issuer.issuer} cannot be had: ${(error as Error).message}`);
      throw new AppError('unavailable', 'issuer-unavailable', 'Your token cannot be checked at the moment.', {
        cause: error,
      });
    }
  }
}

/** Only to find out whose keys to check it with. */
function claimedIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    return '';
  }
}

/** What jose says of a token; that its issuer does not answer is another thing. */
const isOfTheToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  error.code !== 'ERR_JOSE_GENERIC';

const typeOf = (typ: string | undefined): string => (typ ?? '').toLowerCase().replace(/^application\//, '');

/** Undefined where a token does not say which tenant it is for, or gives no scope of ours. */
function principalOf(payload: JWTPayload, issuer: Issuer): Principal | undefined {
  const tenant = issuer.tenant ?? payload[issuer.tenantClaim];
  if (typeof tenant !== 'string' || tenant === '') return undefined;
  const claim = payload[issuer.scopeClaim];
  const given = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  const own = given.flatMap((one) =>
    typeof one === 'string' && Object.hasOwn(issuer.scopes, one) ? [issuer.scopes[one]!] : [],
  );
  const scopes = [...new Set<Scope>(own)].filter((one) => one !== 'admin' || tenant === OPERATORS_TENANT);
  if (scopes.length === 0) return undefined;
  return { tenant, user: String(payload.sub).slice(0, LONGEST_NAME), scopes };
}
