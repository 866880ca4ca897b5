export type Scope = 'execute' | 'read' | 'admin';

/** Who is calling. It travels on every command and query; nothing is looked up without it. */
export interface Principal {
  tenant: string;
  user: string;
  scopes: readonly Scope[];
}
