import type { EntityManager } from 'typeorm';

/** Tables of tenants but those of runs, which are partitioned and have gone before. */
const TABLES = `
  select c.oid::regclass::text as name
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
     and has_table_privilege(c.oid, 'DELETE')
   order by 1`;

/** Whatever still names the tenant, in one transaction, whichever tables there are by then. Runs as the system. */
export function eraseRows(manager: EntityManager, tenant: string, secretName: string): Promise<void> {
  return manager.transaction(async (tx) => {
    for (const { name } of await tx.query<{ name: string }[]>(TABLES))
      await tx.query(`delete from ${name} where tenant_id = $1`, [tenant]);
    await tx.query('delete from service_secrets where name = $1', [secretName]);
    await tx.query('delete from tenants where id = $1', [tenant]);
  });
}
