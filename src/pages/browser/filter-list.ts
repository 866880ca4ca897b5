import { all, required } from './elements.js';

/** Narrows the list while somebody types; the form does the same on the server. */
const list = required<HTMLElement>('[data-filtered-by]');
const input = required<HTMLInputElement>(`#${list.dataset.filteredBy!}`);
const told = required('#found');
const items = all('[data-text]', list);
/** A list narrowed on the server, or one page of several, cannot be widened here. */
const whole = input.value === '' && !document.querySelector('.paging');

if (whole)
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const item of items) item.hidden = !words.every((word) => item.dataset.text!.includes(word));
    const count = items.filter((item) => !item.hidden).length;
    told.textContent = count === 1 ? '1 process' : `${count} processes`;
  });
