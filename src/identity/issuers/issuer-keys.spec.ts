import { Readable } from 'node:stream';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { afterEach, expect, it, vi } from 'vitest';
import { type Issuer, issuerKeys } from './issuer-keys.js';

afterEach(() => void vi.useRealTimers());

it('an unknown key asks the issuer again, not more often than once a minute', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const pairs = { old: await generateKeyPair('ES256'), young: await generateKeyPair('ES256') };
  const shown: ('old' | 'young')[] = ['old'];
  let asked = 0;
  const outbound = {
    call: async () => {
      asked++;
      const keys = await Promise.all(
        shown.map(async (kid) => ({ ...(await exportJWK(pairs[kid].publicKey)), kid, alg: 'ES256' })),
      );
      return { status: 200, headers: {}, body: Readable.from([Buffer.from(JSON.stringify({ keys }))]) };
    },
  };
  const keys = issuerKeys({ jwksUrl: 'https://login.example/keys' } as Issuer, outbound as never);
  const token = (kid: keyof typeof pairs): Promise<string> =>
    new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(pairs[kid].privateKey);
  await jwtVerify(await token('old'), keys);
  shown.push('young');
  await expect(jwtVerify(await token('young'), keys)).rejects.toThrow('no applicable key');
  expect(asked).toBe(1);
  vi.setSystemTime(Date.now() + 61_000);
  await jwtVerify(await token('young'), keys);
  await jwtVerify(await token('old'), keys);
  expect(asked).toBe(2);
});
