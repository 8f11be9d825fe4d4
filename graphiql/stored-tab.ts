/** The parts of a tab, each of which GraphiQL stores a second time, for the tab that is open. */
const parts = ['query', 'variables', 'headers'] as const;

type Tab = Readonly<Record<(typeof parts)[number], string | null>>;

/**
 * Makes what GraphiQL has stored of the open tab agree with its list of tabs, which begins with `first`.
 *
 * GraphiQL finds the open tab again by its contents, but stores apart from the tabs only what was edited. A visitor
 * who does no more than fill in a token would find an empty tab after a reload.
 */
export function prepareStoredTab(storage: Storage, first: Tab): void {
  const tab = readOpenTab(storage) ?? first;
  for (const part of parts) {
    const text = tab[part];
    if (text) storage.setItem(`graphiql:${part}`, text);
    else storage.removeItem(`graphiql:${part}`);
  }
}

function readOpenTab(storage: Storage): Tab | undefined {
  try {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem('graphiql:tabState') ?? '{}');
    return tabs?.[activeTabIndex];
  } catch {
    return undefined;
  }
}
