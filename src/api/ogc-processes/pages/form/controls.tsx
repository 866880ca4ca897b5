import type { VNode } from 'preact';
import { AREA_UNITS, LENGTH_UNITS } from '../../../../registry/index.js';
import type { ValueSchema } from '../../describe/value-schema.js';
import type { FieldKind } from './field-kind.js';

/** What every control of a field carries: `process-page.ts` reads and fills controls by `data-control`. */
interface ControlProps {
  id: string;
  schema: ValueSchema;
  required: boolean;
  /** The ids of what describes it: help, and the place of an error. */
  describedBy: string;
}

const common = ({ id, describedBy, required }: ControlProps): object => ({
  id,
  'aria-describedby': describedBy,
  'aria-required': required ? 'true' : undefined,
});

const bounds = ({ minimum, maximum }: ValueSchema): object => ({ min: minimum, max: maximum });

export const CONTROLS: Record<FieldKind, (props: ControlProps) => VNode> = {
  text: (props) => (
    <Text {...props} example={props.schema.format === 'date-time' ? '2026-11-27T09:30:00Z' : undefined} />
  ),
  duration: (props) => <Text {...props} example="PT15M, or seconds" />,
  number: (props) => <Numeric {...props} step="any" />,
  integer: (props) => <Numeric {...props} step="1" />,
  choice: (props) => (
    <select data-control="value" {...common(props)}>
      {!props.required && <option value="">{unset(props.schema)}</option>}
      {props.schema.enum!.map((value) => (
        <option value={JSON.stringify(value)}>{value}</option>
      ))}
    </select>
  ),
  boolean: (props) => (
    <select data-control="value" {...common(props)}>
      {!props.required && <option value="">{unset(props.schema)}</option>}
      <option value="true">Yes</option>
      <option value="false">No</option>
    </select>
  ),
  length: (props) => <Quantity {...props} units={LENGTH_UNITS} />,
  area: (props) => <Quantity {...props} units={AREA_UNITS} />,
  bbox: Box,
  features: (props) => (
    <textarea
      data-control="value"
      rows={6}
      spellcheck={false}
      placeholder="GeoJSON or well-known text; or draw on the map, or choose a file"
      {...common(props)}
    />
  ),
  json: (props) => (
    <textarea data-control="value" rows={4} spellcheck={false} placeholder="JSON" {...common(props)} />
  ),
};

const Text = ({ example, ...props }: ControlProps & { example?: string }): VNode => (
  <input
    type="text"
    data-control="value"
    maxLength={props.schema.maxLength}
    placeholder={initial(props) ?? example}
    {...common(props)}
  />
);

function Numeric({ step, ...props }: ControlProps & { step: string }): VNode {
  return (
    <input
      type="number"
      step={step}
      data-control="value"
      placeholder={initial(props)}
      {...bounds(props.schema)}
      {...common(props)}
    />
  );
}

function Quantity({ units, ...props }: ControlProps & { units: string[] }): VNode {
  const [number, withUnit] = props.schema.oneOf!;
  const unit = withUnit!.properties!.unit!.default;
  return (
    <div class="with-unit">
      <Numeric {...props} schema={{ ...number, default: props.schema.default }} step="any" />
      <select data-control="unit" aria-label="Unit">
        <option value="">{unit ? `${unit} (default)` : 'units of the data'}</option>
        {units.map((name) => (
          <option value={name}>{name}</option>
        ))}
      </select>
    </div>
  );
}

function Box(props: ControlProps): VNode {
  return (
    <div class="box" {...common(props)} role="group">
      {['West', 'South', 'East', 'North'].map((side) => (
        <label>
          {side}
          <input type="number" step="any" data-control={side.toLowerCase()} />
        </label>
      ))}
    </div>
  );
}

const initial = ({ schema }: ControlProps): string | undefined =>
  schema.default === undefined ? undefined : String(schema.default);

const unset = ({ default: value }: ValueSchema): string =>
  value === undefined ? '(not given)' : `${value} (default)`;
