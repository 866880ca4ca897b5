import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ArtifactLinks } from './artifact-links.js';

const HOUR = 3_600_000;
const claims = { tenant: 'default', runId: '01990000-0000-7000-8000-000000000001', outputId: 'result' };
const endedAt = new Date('2026-11-22T10:00:00Z');
const secret = randomBytes(32);
let now = endedAt.getTime();
const links = new ArtifactLinks(secret, 6 * HOUR, () => now);

describe('artifact links', () => {
  it('give back what they were made for', () => {
    now = endedAt.getTime() + 5;
    expect(links.verify(links.sign(claims, endedAt).token)).toEqual(claims);
  });

  it('stay the same for half of their life, and never outlive it', () => {
    now = endedAt.getTime();
    const first = links.sign(claims, endedAt);
    now += 2.9 * HOUR;
    expect(links.sign(claims, endedAt)).toEqual(first);
    now += 0.2 * HOUR;
    const second = links.sign(claims, endedAt);
    expect(second.token).not.toBe(first.token);
    expect(second.expiresAt.getTime() - now).toBeLessThanOrEqual(6 * HOUR);
    expect(links.verify(first.token)).toEqual(claims);
  });

  it('end', () => {
    now = endedAt.getTime();
    const { token, expiresAt } = links.sign(claims, endedAt);
    now = expiresAt.getTime();
    expect(() => links.verify(token)).toThrow(expect.objectContaining({ kind: 'gone' }));
  });

  it('cannot be made without the secret', () => {
    now = endedAt.getTime();
    const forged = new ArtifactLinks(randomBytes(32), 6 * HOUR, () => now).sign(claims, endedAt).token;
    const [body] = links.sign({ ...claims, tenant: 'other' }, endedAt).token.split('.');
    const [, mac] = links.sign(claims, endedAt).token.split('.');
    for (const token of [forged, `${body}.${mac}`, `${body}.`, body!, '', '..', 'a.b.c'])
      expect(() => links.verify(token)).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });
});
