export type Scope = 'execute' | 'read' | 'admin';

/**
 * The tenant of those who run the service: an operator is a caller of it with the scope `admin`, and may act on any
 * tenant through the routes that ask for that scope. No other tenant's callers can have it.
 */
export const OPERATORS_TENANT = 'default';

/** Who is calling. It travels on every command and query; nothing is looked up without it. */
export interface Principal {
  tenant: string;
  user: string;
  scopes: readonly Scope[];
}
