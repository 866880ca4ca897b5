/** The key of the first operator, in tests. */
export const ADMIN_KEY = 'test-operator-key-0123456789abcdef0123456789';

export const REQUIRED = { Identity__Mode: 'required', HONUA_ADMIN_KEY: ADMIN_KEY };

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** A request of an operator; anything but the expected status fails. */
export async function asOperator<T = any>(
  url: string,
  path: string,
  {
    method = 'GET',
    body,
    expect = [200, 201, 204],
  }: { method?: string; body?: object; expect?: number[] } = {},
): Promise<T> {
  const reply = await fetch(url + path, {
    method,
    headers: { ...bearer(ADMIN_KEY), ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const text = await reply.text();
  if (!expect.includes(reply.status)) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** A tenant with a key of its own. */
export async function tenantWithKey(
  url: string,
  id: string,
  scopes: string[] = ['read', 'execute'],
): Promise<{ id: string; key: string }> {
  await asOperator(url, '/admin/tenants', { method: 'POST', body: { id }, expect: [201, 409] });
  return asOperator(url, `/admin/tenants/${id}/keys`, { method: 'POST', body: { user: 'tester', scopes } });
}
