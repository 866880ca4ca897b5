/** The element that a selector names; its absence is a mistake of the page. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as querySelector itself has it
export function required<Found extends HTMLElement>(selector: string, within: ParentNode = document): Found {
  const found = within.querySelector<Found>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

export const all = <Found extends HTMLElement>(selector: string, within: ParentNode = document): Found[] => [
  ...within.querySelectorAll<Found>(selector),
];

/** A new element with attributes and children; text is set as text, never as markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Shows what is of use only now that scripts run. */
export function revealScripted(within: ParentNode = document): void {
  for (const element of all('[data-only-scripted]', within)) element.hidden = false;
}
