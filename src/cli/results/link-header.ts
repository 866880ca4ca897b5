import type { Link } from '../server/documents.js';

/** The links of a Link header (RFC 8288 §3) that have a relation. */
export const linksOf = (header: string): Link[] =>
  [...header.matchAll(/<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s",;]+))*)/g)].flatMap(
    ([, href, parameters]) => {
      const found = new Map(
        [...parameters!.matchAll(/;\s*([\w*-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s",;]+))/g)].map(
          ([, name, quoted, bare]) => [name!.toLowerCase(), quoted ?? bare!],
        ),
      );
      const [rel, type] = [found.get('rel'), found.get('type')];
      return rel === undefined ? [] : [{ href: href!, rel, ...(type !== undefined && { type }) }];
    },
  );
