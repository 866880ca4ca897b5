import { Facts, Section } from '../../../pages/index.js';
import type { Rendered } from '../negotiation/page-view.js';
import type { Problem } from '../problem/problem.js';

/** What went wrong, where, and the ways on. */
export function problemPage(
  { type, title, status, detail, code, faults, requestId }: Problem,
  root: string,
): Rendered {
  return {
    frame: { title, breadcrumbs: [], ...(detail && { summary: detail }) },
    content: (
      <>
        {faults && faults.length > 0 && (
          <Section id="faults" title="What is wrong with the request">
            <Facts of={faults.map(({ path, message }) => [path || '(the whole)', message])} />
          </Section>
        )}
        <Section id="about" title="About this answer">
          <Facts
            of={[
              ['Status', String(status)],
              ['Code', <code>{code}</code>],
              ['Type', <code>{type}</code>],
              ['Request', requestId && <code>{requestId}</code>],
            ]}
          />
        </Section>
        <div class="actions">
          <a class="button primary" href={`${root}/processes`}>
            All processes
          </a>
          <a class="button" href={`${root}/jobs`}>
            All jobs
          </a>
        </div>
      </>
    ),
  };
}
