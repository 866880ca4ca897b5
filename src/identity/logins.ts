import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../shared/principal.js';

const LOGIN = /^([^:@,\s]+):([^@,]+)@([\w.-]+)$/;

/** Who may sign in by name: `name:password@tenant`, parted by commas. Throws for text that is none. */
export class Logins {
  private readonly known = new Map<string, { password: Buffer; principal: Principal }>();

  constructor(text: string) {
    for (const login of text.split(',').map((one) => one.trim())) {
      const [, name, password, tenant] = LOGIN.exec(login) ?? [];
      if (name === undefined)
        throw new Error('identity.logins must be name:password@tenant, parted by commas');
      this.known.set(name, {
        password: digest(password!),
        principal: { tenant: tenant!, user: name, scopes: ['execute', 'read'] },
      });
    }
  }

  get tenants(): string[] {
    return [...new Set([...this.known.values()].map(({ principal }) => principal.tenant))];
  }

  /** Undefined for an unknown name and a wrong password alike. */
  find(name: string, password: string): Principal | undefined {
    const login = this.known.get(name);
    const right = timingSafeEqual(digest(password), login?.password ?? digest(''));
    return right ? login?.principal : undefined;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
