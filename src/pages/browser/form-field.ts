import { all, required } from './elements.js';
import { jsonText } from './json-text.js';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Texts longer than this stay out of the text box: they are sent from the file as they are. */
const TEXT_BOX_BYTES = 300_000;
const SIDES = ['west', 'south', 'east', 'north'];

/** One input of the form: its value, and what is wrong with it. Throws FieldError where it cannot be read. */
export class FormField {
  readonly name: string;
  readonly kind: string;
  /** Content of a file that is too large for its box. */
  private large?: string;
  /** The system of the box that was filled in; one that is drawn is in longitude and latitude. */
  private boxCrs?: string;

  constructor(readonly element: HTMLElement) {
    this.name = element.dataset.input!;
    this.kind = element.dataset.kind!;
    this.control('file')?.addEventListener('change', () => void this.takeFile());
    element.addEventListener('input', () => this.showError(''));
  }

  /** The value as it goes into the request; undefined where nothing was given. */
  value(): unknown {
    if (this.kind === 'bbox') return this.box();
    const text = (this.large ?? this.control('value')!.value).trim();
    if (text === '') return this.element.dataset.required === undefined ? undefined : this.missing();
    switch (this.kind) {
      case 'number':
      case 'integer':
      case 'duration':
        return numberOr(text);
      case 'length':
      case 'area':
        return this.quantity(Number(text));
      case 'choice':
      case 'boolean':
        return JSON.parse(text);
      case 'json':
        return this.parsed(text);
      case 'features':
        return /^[{[]/.test(text) ? this.parsed(text) : text;
      default:
        return text;
    }
  }

  /** Fills the field in, with a value as a request has it. */
  write(value: unknown): void {
    this.showError('');
    this.large = undefined;
    if (this.kind === 'bbox') return this.fillBox(value);
    const control = this.control('value')!;
    control.disabled = false;
    const unit = this.control('unit');
    if (unit) unit.value = '';
    if (value === undefined) control.value = '';
    else if (['length', 'area'].includes(this.kind) && typeof value === 'object') {
      const given = value as { value: number; unit?: string };
      control.value = String(given.value);
      if (unit) unit.value = given.unit ?? '';
    } else if (['choice', 'boolean', 'json'].includes(this.kind)) control.value = jsonText(value);
    else control.value = typeof value === 'string' ? value : jsonText(value);
  }

  showError(message: string): void {
    required('[data-part=error]', this.element).textContent = message;
    for (const control of all('[data-control]', this.element))
      if (message) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
  }

  tell(text: string): void {
    const told = this.element.querySelector('[data-part=told]');
    if (told) told.textContent = text;
  }

  focus(): void {
    required<HTMLElement>('[data-control]', this.element).focus();
  }

  get title(): string {
    return this.element.querySelector('.field-head label')?.textContent ?? this.name;
  }

  private control(role: string): Control | null {
    return this.element.querySelector<Control>(`[data-control=${role}]`);
  }

  private async takeFile(): Promise<void> {
    const file = (this.control('file') as HTMLInputElement).files?.[0];
    if (!file) return;
    const text = await file.text();
    const control = this.control('value')!;
    const large = text.length > TEXT_BOX_BYTES;
    this.large = large ? text : undefined;
    control.disabled = large;
    control.value = large ? `${file.name}: ${(file.size / 1e6).toFixed(1)} MB, sent as it is` : text;
    (this.control('file') as HTMLInputElement).value = '';
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }

  private quantity(value: number): unknown {
    const unit = this.control('unit')!.value;
    return unit ? { value, unit } : value;
  }

  private parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new FieldError(this, `This is not JSON: ${(error as Error).message}`);
    }
  }

  private missing(): never {
    throw new FieldError(this, 'A value is needed here.');
  }

  private box(): unknown {
    const texts = SIDES.map((side) => this.control(side)!.value.trim());
    if (texts.every((text) => text === ''))
      return this.element.dataset.required === undefined ? undefined : this.missing();
    if (texts.includes('')) throw new FieldError(this, 'All four sides are needed.');
    return { bbox: texts.map(Number), ...(this.boxCrs !== undefined && { crs: this.boxCrs }) };
  }

  private fillBox(value: unknown): void {
    const { bbox = [], crs } = (value ?? {}) as { bbox?: number[]; crs?: string };
    this.boxCrs = crs;
    for (const [index, side] of SIDES.entries()) this.control(side)!.value = String(bbox[index] ?? '');
  }
}

/** A text that is no number is sent as it is: the server says what it should be. */
const numberOr = (text: string): number | string => (Number.isNaN(Number(text)) ? text : Number(text));

/** What is wrong with one field, before anything is sent. */
export class FieldError extends Error {
  constructor(
    readonly field: FormField,
    message: string,
  ) {
    super(message);
  }
}
