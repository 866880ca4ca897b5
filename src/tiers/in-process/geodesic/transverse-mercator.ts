import { type LocalProjection, RADIANS, wrap } from './projection.js';

const A = 6_378_137;
const F = 1 / 298.257223563;
const E = Math.sqrt(F * (2 - F));
const N = F / (2 - F);
const RECTIFYING_RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);

/** Krüger's series in n to the fourth order (Karney 2011, eqs. 35 and 36): nanometres within 1,000 km of the meridian. */
const ALPHA = [
  N / 2 - (2 * N ** 2) / 3 + (5 * N ** 3) / 16 + (41 * N ** 4) / 180,
  (13 * N ** 2) / 48 - (3 * N ** 3) / 5 + (557 * N ** 4) / 1440,
  (61 * N ** 3) / 240 - (103 * N ** 4) / 140,
  (49_561 * N ** 4) / 161_280,
];
const BETA = [
  N / 2 - (2 * N ** 2) / 3 + (37 * N ** 3) / 96 - N ** 4 / 360,
  N ** 2 / 48 + N ** 3 / 15 - (437 * N ** 4) / 1440,
  (17 * N ** 3) / 480 - (37 * N ** 4) / 840,
  (4397 * N ** 4) / 161_280,
];

/**
 * The ellipsoidal transverse Mercator projection of WGS 84 with scale 1 on its central meridian. It is conformal and
 * carries on over the poles; at x metres from the meridian lengths are too long by x²/2R².
 */
export class TransverseMercator implements LocalProjection {
  constructor(
    readonly lon0: number,
    readonly lat0: number,
  ) {}

  forward(lon: number, lat: number): [number, number] {
    const lambda = wrap(lon - this.lon0) * RADIANS;
    const tau = conformal(Math.tan(lat * RADIANS));
    const cos = Math.cos(lambda);
    const xi = Math.atan2(tau, cos);
    const eta = Math.asinh(Math.sin(lambda) / Math.hypot(tau, cos));
    const [dXi, dEta] = sineSeries(ALPHA, 2 * xi, 2 * eta);
    return [RECTIFYING_RADIUS * (eta + dEta), RECTIFYING_RADIUS * (xi + dXi)];
  }

  inverse(x: number, y: number): [number, number] {
    const xi = y / RECTIFYING_RADIUS;
    const eta = x / RECTIFYING_RADIUS;
    const [dXi, dEta] = sineSeries(BETA, 2 * xi, 2 * eta);
    const sinh = Math.sinh(eta - dEta);
    const cos = Math.cos(xi - dXi);
    const tau = geodetic(Math.sin(xi - dXi) / Math.hypot(sinh, cos));
    return [this.lon0 + Math.atan2(sinh, cos) / RADIANS, Math.atan(tau) / RADIANS];
  }
}

/** Tangent of the conformal latitude from that of the geodetic one. */
function conformal(tau: number): number {
  const root = Math.sqrt(1 + tau * tau);
  const sigma = Math.sinh(E * Math.atanh((E * tau) / root));
  return tau * Math.sqrt(1 + sigma * sigma) - sigma * root;
}

/** Back again by Newton's method (Karney 2011, eqs. 19 to 21); three rounds reach the last digit. */
function geodetic(conformalTau: number): number {
  if (Math.abs(conformalTau) > 1e12) return conformalTau;
  let tau = conformalTau / (1 - E * E);
  for (let round = 0; round < 3; round++) {
    const reached = conformal(tau);
    const slope = (1 + (1 - E * E) * tau * tau) / ((1 - E * E) * Math.sqrt(1 + tau * tau));
    tau += ((conformalTau - reached) / Math.sqrt(1 + reached * reached)) * slope;
  }
  return tau;
}

/** Real and imaginary part of Σ cⱼ sin(jz) for complex z = x + iy, by Clenshaw's recurrence. */
function sineSeries(coefficients: number[], x: number, y: number): [number, number] {
  const re = Math.cos(x) * Math.cosh(y);
  const im = -Math.sin(x) * Math.sinh(y);
  let [aRe, aIm, bRe, bIm] = [0, 0, 0, 0];
  for (let j = coefficients.length - 1; j >= 0; j--) {
    const nextRe = coefficients[j]! + 2 * (re * aRe - im * aIm) - bRe;
    const nextIm = 2 * (re * aIm + im * aRe) - bIm;
    [bRe, bIm, aRe, aIm] = [aRe, aIm, nextRe, nextIm];
  }
  const sinRe = Math.sin(x) * Math.cosh(y);
  const sinIm = Math.cos(x) * Math.sinh(y);
  return [sinRe * aRe - sinIm * aIm, sinRe * aIm + sinIm * aRe];
}
