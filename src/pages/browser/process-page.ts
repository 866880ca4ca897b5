import { all, make, required, revealScripted } from './elements.js';
import { FieldError, FormField } from './form-field.js';
import { FormMap } from './form-map.js';
import { jsonText, shellWord } from './json-text.js';
import { ownPage } from './own-page.js';

interface Example {
  title: string;
  inputs: Record<string, unknown>;
}

interface Problem {
  title?: string;
  detail?: string;
  faults?: { path: string; message: string }[];
}

/** A request longer than this is not printed. */
const PRINTED_LENGTH = 30_000;
const SETTLE_MS = 250;

const form = required<HTMLFormElement>('#run-form');
const examples = JSON.parse(form.dataset.examples!) as Example[];
const fields = all('[data-input]', form).map((element) => new FormField(element));
const trouble = required('#form-trouble');
const told = required('#form-told');
const curl = required('#curl');
const runButton = required<HTMLButtonElement>('button[type=submit]', form);

revealScripted();
const drawn = fields.filter(({ kind }) => kind === 'features' || kind === 'bbox');
const map = drawn.length > 0 ? new FormMap(drawn) : undefined;

const exampleChoice = required<HTMLSelectElement>('#example');
exampleChoice.addEventListener('change', () => fillFrom(examples[Number(exampleChoice.value || NaN)]));
fillFrom(examples[0]);

let settling: number | undefined;
form.addEventListener('input', (event) => {
  if (event.target === exampleChoice) return;
  clearTimeout(settling);
  settling = setTimeout(() => refresh(false), SETTLE_MS);
});
for (const button of all<HTMLButtonElement>('[data-do=clear]', form))
  button.addEventListener('click', () => {
    fields.find(({ element }) => element.contains(button))!.write(undefined);
    refresh(false);
  });
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void run();
});
required('#copy-curl').addEventListener('click', ({ currentTarget }) => {
  const button = currentTarget as HTMLButtonElement;
  void navigator.clipboard.writeText(curl.textContent).then(() => (button.textContent = 'Copied'));
  setTimeout(() => (button.textContent = 'Copy'), 2_000);
});

function fillFrom(example: Example | undefined): void {
  for (const field of fields) field.write(example?.inputs[field.name]);
  refresh(true);
}

function refresh(fit: boolean): void {
  map?.show(fit);
  showCurl();
}

/** The body of the request; throws FieldError. */
function body(): { inputs: Record<string, unknown> } {
  const inputs: Record<string, unknown> = {};
  for (const field of fields) {
    const value = field.value();
    if (value !== undefined) inputs[field.name] = value;
  }
  return { inputs };
}

function isAsync(): boolean {
  return new FormData(form).get('mode') === 'async';
}

function showCurl(): void {
  try {
    const text = jsonText(body());
    const prefer = isAsync() ? ` \\\n  -H 'Prefer: respond-async'` : '';
    const data = text.length > PRINTED_LENGTH ? '@request.json' : shellWord(text);
    curl.textContent = `curl -X POST ${shellWord(form.dataset.url!)} \\\n  -H 'Content-Type: application/json'${prefer} \\\n  --data-binary ${data}`;
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    curl.textContent = `# ${error.field.title}: ${error.message}`;
  }
}

async function run(): Promise<void> {
  showTrouble();
  let request;
  try {
    request = body();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    error.field.showError(error.message);
    return error.field.focus();
  }
  runButton.disabled = true;
  told.textContent = isAsync() ? 'Sending …' : 'Running …';
  try {
    const reply = await fetch(form.dataset.path!, {
      method: 'POST',
      headers: {
        ...ownPage(),
        'content-type': 'application/json',
        accept: 'application/json',
        // The page of the run shows the results: here it is enough to know that they are there.
        prefer: isAsync() ? 'respond-async' : 'return=minimal',
      },
      body: jsonText(request),
    });
    const job = reply.ok ? jobOf(reply) : undefined;
    if (job) location.assign(job);
    else showProblem((await reply.json()) as Problem);
  } catch {
    showTrouble('The server did not answer. Is the network there? Nothing is lost: try again.');
  } finally {
    runButton.disabled = false;
    told.textContent = '';
  }
}

/** The page of the job, on the host that this page came from. */
function jobOf(reply: Response): string | undefined {
  const link = /<([^>]+)>; rel="monitor"/.exec(reply.headers.get('link') ?? '')?.[1];
  const job = reply.headers.get('location') ?? link;
  return job && new URL(job).pathname;
}

/** Each fault at the field that its JSON pointer names, the rest above the form's button. */
function showProblem({ title, detail, faults = [] }: Problem): void {
  const rest: string[] = [];
  let first: FormField | undefined;
  for (const { path, message } of faults) {
    const [, , name, ...within] = path
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const field = path.startsWith('/inputs/') ? fields.find((field) => field.name === name) : undefined;
    field?.showError(within.length > 0 ? `${within.join(' › ')}: ${message}` : message);
    first ??= field;
    if (!field) rest.push(`${path} ${message}`.trim());
  }
  showTrouble(title, ...(faults.length === 0 && detail ? [detail] : rest));
  (first ?? trouble).focus();
}

function showTrouble(...lines: (string | undefined)[]): void {
  const texts = lines.filter((line) => line !== undefined);
  trouble.hidden = texts.length === 0;
  trouble.replaceChildren(...texts.map((text) => make('p', {}, text)));
}
