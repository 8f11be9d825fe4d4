type Child = Node | string;

/** Creates an element with its properties and children. Texts stay texts: nothing is read as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Name] {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

/** Puts these in the place of all that an element showed. */
export function show(parent: HTMLElement, ...children: readonly Child[]): void {
  parent.replaceChildren(...children);
}
