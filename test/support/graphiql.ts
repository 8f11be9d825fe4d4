import type { Page } from 'playwright-core';

const editors = {
  query: '.graphiql-query-editor .view-lines',
  tool: '.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines',
  response: '.graphiql-response .view-lines',
};

type Editor = keyof typeof editors;

/** Uses GraphiQL like a visitor, by its visible texts. */
export interface Visitor {
  /** Runs an operation of the open tab from the menu of the execute button. @returns the answer of the gateway */
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of every shape
  run(operation: string): Promise<any>;
  /** Sets the token after "Bearer" in the headers. */
  signIn(token: string): Promise<void>;
  /** Replaces the text of an editor. */
  paste(editor: Editor, text: string): Promise<void>;
  /** Opens a type of the documentation by its link. */
  openType(name: string): Promise<void>;
  press(button: string | RegExp): Promise<void>;
  /** The visible text of an editor, with its visible line breaks. */
  textOf(editor: Editor): Promise<string>;
}

/** Opens GraphiQL, and waits for its editors. */
export async function visit(page: Page, url: string): Promise<Visitor> {
  await page.goto(url);
  await page.locator(`${editors.query} .view-line`).first().waitFor();
  await page.locator(`${editors.tool} .view-line`).first().waitFor();
  const press: Visitor['press'] = (name) => page.getByRole('button', { name, exact: true }).click();
  const visitor: Visitor = {
    press,
    run: async (operation) => {
      // The button has a menu as soon as the editor knows the operations.
      await page.locator('.graphiql-execute-button[aria-haspopup=menu]').click();
      const answer = page.waitForResponse(
        (response) => response.request().postDataJSON()?.operationName === operation,
      );
      const choice = page.getByRole('menuitem', { name: operation, exact: true });
      const [response] = await Promise.all([answer, choice.click()]);
      return response.json();
    },
    signIn: async (token) => {
      await press('Headers');
      await visitor.paste('tool', `{ "Authorization": "Bearer ${token}" }`);
    },
    paste: async (editor, text) => {
      await page.locator(editors[editor]).click();
      await page.keyboard.press('Control+A');
      // Pasted, because the editor completes typed text and closes brackets.
      await page.evaluate((pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', pasted);
        document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
      }, text);
    },
    openType: (name) =>
      page.locator('a.graphiql-doc-explorer-type-name').getByText(name, { exact: true }).first().click(),
    // The editor shows spaces as non-breaking ones.
    textOf: async (editor) => (await page.locator(editors[editor]).innerText()).replaceAll('\u00a0', ' '),
  };
  return visitor;
}
