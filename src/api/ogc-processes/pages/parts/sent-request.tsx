import type { VNode } from 'preact';
import type { RunInput } from '../../../../execution/index.js';
import { readableBytes, Section } from '../../../../pages/index.js';

/** Longer requests are told by their size. */
const SHOWN_BYTES = 20_000;

/** The request as it was sent, and the way to send it again. */
export const SentRequest = ({ input, again }: { input?: RunInput; again: string }): VNode => (
  <Section id="request" title="The request">
    {input ? (
      <Body input={input} again={again} />
    ) : (
      <p class="quiet">It was kept for its time and is deleted.</p>
    )}
  </Section>
);

function Body({ input: { payload, mediaType }, again }: { input: RunInput; again: string }): VNode {
  if (payload.kind !== 'inline' || payload.size > SHOWN_BYTES)
    return (
      <p>
        {readableBytes(payload.size)} of {mediaType}: too long to be shown.
      </p>
    );
  return (
    <>
      <pre class="code wrap" tabIndex={0} role="region" aria-label="The request as it was sent">
        {new TextDecoder().decode(payload.bytes)}
      </pre>
      <div class="actions">
        <a class="button" href={again}>
          Change it and run it again
        </a>
      </div>
    </>
  );
}
