import type { VNode } from 'preact';
import { Facts, JsonBlock, Prose } from '../../../../pages/index.js';
import type { InputDescription, OutputDescription } from '../../describe/describe-process.js';
import type { ValueSchema } from '../../describe/value-schema.js';

type Value = OutputDescription &
  Partial<Pick<InputDescription, 'minOccurs' | 'maxOccurs' | 'additionalParameters'>>;

/** Inputs or outputs by name, each with everything that its description says. */
export const Values = ({ of }: { of: Record<string, Value> }): VNode => (
  <div class="values">
    {Object.entries(of).map(
      ([name, { title, description, schema, minOccurs, maxOccurs, additionalParameters }]) => (
        <article class="value-card">
          <h3>
            {title} <code class="quiet">{name}</code>
          </h3>
          {description && (
            <p>
              <Prose text={description} />
            </p>
          )}
          <Facts
            of={[
              ['Type', typeText(schema)],
              ['Default', schema.default === undefined ? null : <code>{String(schema.default)}</code>],
              ['One of', schema.enum && schema.enum.join(', ')],
              ['Occurs', minOccurs === undefined ? null : occurrence(minOccurs, maxOccurs!)],
              ...(additionalParameters?.parameters ?? []).map(({ name, value }): [string, string] => [
                `${additionalParameters!.title} (${name})`,
                value.join(', '),
              ]),
            ]}
          />
          <details>
            <summary>
              Schema<span class="unseen"> of {title}</span>
            </summary>
            <JsonBlock value={schema} label={`Schema of ${title}`} />
          </details>
        </article>
      ),
    )}
  </div>
);

function typeText({ type, format, contentMediaType, oneOf }: ValueSchema): string {
  if (oneOf) return oneOf.map(typeText).join(', or ');
  return [format ?? type ?? 'anything', contentMediaType && `(${contentMediaType})`]
    .filter(Boolean)
    .join(' ');
}

function occurrence(minOccurs: number, maxOccurs: number | 'unbounded'): string {
  const most =
    maxOccurs === 'unbounded' ? 'any number of times' : maxOccurs === 1 ? 'once' : `up to ${maxOccurs} times`;
  return minOccurs === 0 ? `${most}, optional` : most;
}
