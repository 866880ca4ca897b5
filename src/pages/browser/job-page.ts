import { all, required } from './elements.js';
import { showResults } from './result-view.js';
import { ownPage } from './own-page.js';

interface Status {
  status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';
  message?: string;
  progress: number;
}

const TEXTS: Record<Status['status'], [tone: string, text: string]> = {
  accepted: ['plain', 'Waiting'],
  running: ['busy', 'Running'],
  successful: ['good', 'Successful'],
  failed: ['bad', 'Failed'],
  dismissed: ['warn', 'Dismissed'],
};

begin();

function begin(): void {
  const run = required('#run');
  for (const button of all<HTMLButtonElement>('[data-do]', run)) {
    button.hidden = false;
    button.addEventListener('click', () => void dismiss(run, button));
  }
  showResults(run);
  if (run.dataset.over === undefined) follow(run);
}

/** Every event is the whole status of its moment; the stream ends with the run. */
function follow(run: HTMLElement): void {
  const events = new EventSource(`${run.dataset.job!}/events`);
  events.addEventListener('message', ({ data }) => {
    const status = JSON.parse(data as string) as Status;
    showStatus(run, status);
    if (status.status === 'accepted' || status.status === 'running') return;
    events.close();
    void renew();
  });
}

function showStatus(run: HTMLElement, { status, message, progress }: Status): void {
  const [tone, text] = TEXTS[status];
  const badge = required('[data-part=status] .badge', run);
  badge.dataset.tone = tone;
  badge.textContent = text;
  required('[data-part=message]', run).textContent = message ?? '';
  required('[data-part=progress]', run).textContent = `${progress} %`;
  required<HTMLProgressElement>('progress', run).value = progress;
}

/** The page as it is now that the run is over, in the place of this one. */
async function renew(): Promise<void> {
  const reply = await fetch(location.href, { headers: { accept: 'text/html' } });
  const next = new DOMParser().parseFromString(await reply.text(), 'text/html').querySelector('#run');
  if (!next) return location.reload();
  required('#run').replaceWith(document.adoptNode(next));
  begin();
}

async function dismiss(run: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const removes = button.dataset.do === 'remove';
  button.disabled = true;
  try {
    const reply = await fetch(run.dataset.job!, {
      method: 'DELETE',
      headers: { ...ownPage(), accept: 'application/json' },
    });
    if (!reply.ok)
      throw new Error(((await reply.json()) as { detail?: string }).detail ?? `status ${reply.status}`);
    if (removes) location.assign(run.dataset.job!.replace(/\/[^/]+$/, ''));
    else await renew();
  } catch (error) {
    const trouble = required('[data-part=trouble]', run);
    trouble.textContent = `It did not work: ${(error as Error).message}`;
    trouble.hidden = false;
    button.disabled = false;
  }
}
