import type { VNode } from 'preact';
import type { InputDescription } from '../../describe/describe-process.js';
import { CONTROLS } from './controls.js';
import { type FieldKind, fieldKind } from './field-kind.js';

export const kindOf = ({ schema, maxOccurs }: InputDescription): FieldKind =>
  fieldKind(schema, maxOccurs !== 1);

/** One input of the process as a field of its form, with its help and the place of what is wrong with it. */
export function Field({ name, input }: { name: string; input: InputDescription }): VNode {
  const { title, description, minOccurs, schema, maxOccurs } = input;
  const kind = kindOf(input);
  const required = minOccurs > 0;
  const id = `input-${name}`;
  return (
    <div class="field" data-input={name} data-kind={kind} data-required={required ? '' : undefined}>
      <div class="field-head">
        <label for={kind === 'bbox' ? undefined : id} id={`${id}-label`}>
          {title}
        </label>
        <span class="quiet">
          <code>{name}</code> {required ? '' : 'optional'}
        </span>
      </div>
      {CONTROLS[kind]({ id, schema, required, describedBy: `${id}-help ${id}-error` })}
      {kind === 'features' && (
        <div class="field-tools" data-only-scripted hidden>
          <label class="button small file">
            Choose a file
            <input class="unseen" type="file" accept=".json,.geojson,.wkt,.txt" data-control="file" />
          </label>
          <button type="button" class="small" data-do="clear">
            Clear
          </button>
          <span class="quiet" data-part="told" role="status" />
        </div>
      )}
      <p class="help" id={`${id}-help`}>
        {[description, rangeText(input), kind === 'json' && maxOccurs !== 1 && 'A JSON array of values.']
          .filter(Boolean)
          .join(' ')}
      </p>
      <p class="error" id={`${id}-error`} data-part="error" />
    </div>
  );
}

/** The range of a number, in words. */
function rangeText({ schema }: InputDescription): string | undefined {
  const { minimum, maximum, exclusiveMinimum } = schema.oneOf?.[0] ?? schema;
  const low = minimum !== undefined && `${exclusiveMinimum ? 'more than' : 'at least'} ${minimum}`;
  const high = maximum !== undefined && `at most ${maximum}`;
  const both = [low, high].filter(Boolean).join(', ');
  return both && `${both[0]!.toUpperCase()}${both.slice(1)}.`;
}
