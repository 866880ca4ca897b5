export type FormType = { kind: 'urlencoded' } | { kind: 'multipart'; boundary: string } | { kind: 'json' };

/** How a form body is to be read, by its Content-Type; undefined where it is none of the three. */
export function formTypeOf(contentType: string): FormType | undefined {
  const [type, ...parameters] = contentType.split(';');
  switch (type!.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      return { kind: 'urlencoded' };
    case 'application/json':
    case 'text/json':
      return { kind: 'json' };
    case 'multipart/form-data': {
      const given = /^boundary=(?:"([^"]{1,70})"|([^\s"]{1,70}))$/i;
      const found = parameters.map((one) => given.exec(one.trim())).find(Boolean);
      const boundary = found?.[1] ?? found?.[2];
      return boundary === undefined ? undefined : { kind: 'multipart', boundary };
    }
    default:
      return undefined;
  }
}
