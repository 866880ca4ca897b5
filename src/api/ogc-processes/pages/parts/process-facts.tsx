import type { VNode } from 'preact';
import { Facts } from '../../../../pages/index.js';
import type { ProcessSummary } from '../../describe/describe-process.js';

/** What the summary of a process says beside its title and its description. */
export const ProcessFacts = ({ process }: { process: ProcessSummary }): VNode => {
  const { id, version, keywords, jobControlOptions, outputTransmission, additionalParameters } = process;
  return (
    <div class="process-facts">
      <Facts
        of={[
          ['Identifier', <code>{id}</code>],
          ['Version', version],
          ['Keywords', keywords.join(', ')],
          ['Job control', jobControlOptions.join(', ')],
          ['Outputs by', outputTransmission.join(' or ')],
        ]}
      />
      <div>
        <p class="unseen">{additionalParameters.title}</p>
        <Facts
          of={additionalParameters.parameters.map(({ name, value }): [string, string] => [
            name,
            value.join(', '),
          ])}
        />
      </div>
    </div>
  );
};
