import { ask, Refusal } from './ask.ts';
import { element, show } from './elements.ts';
import type { ListQuery, ScriptQuery } from './gql/graphql.ts';
import { may } from './may.ts';
import { listQuery, scriptQuery, setMetadataMutation, viewerQuery } from './operations.ts';

type Script = NonNullable<ScriptQuery['dtraceScript']>;
type Page = ListQuery['dtraceScriptsConnection'];

let token = sessionStorage.getItem('token') ?? '';
let permissions: readonly string[] = [];

const notice = element('p', { id: 'notice', role: 'alert' });
const list = element('nav', { ariaLabel: 'Scripts' });
const detail = element('main', {});
const signIn = element('form', { id: 'sign-in' }, [
  element('label', {}, ['Token ', element('input', { name: 'token', type: 'password', required: true })]),
  element('button', {}, ['Sign in']),
]);
document.body.append(element('h1', {}, ['DTrace scripts']), signIn, notice, list, detail);

signIn.addEventListener('submit', (event) => {
  event.preventDefault();
  token = String(new FormData(signIn).get('token'));
  sessionStorage.setItem('token', token);
  void attempt(open);
});
// The page's address names the script that is shown, so that it can be passed on.
window.addEventListener('hashchange', () => void attempt(showScript));
if (token !== '') void attempt(open);

async function open(): Promise<void> {
  show(list);
  show(detail);
  const { viewer } = await ask(token, viewerQuery);
  permissions = viewer?.permissions ?? [];
  show(signIn, `Signed in as ${viewer?.name}.`);
  await attempt(showScript);
  if (may(permissions, 'Query.dtraceScriptsConnection')) await showList();
  else show(list, 'You may not list scripts. Open one by its address.');
}

async function showList(): Promise<void> {
  const entries = element('ul', {});
  const more = element('button', {}, ['More']);
  let after: string | null = null;
  const load = async () => {
    const { dtraceScriptsConnection: page }: { dtraceScriptsConnection: Page } = await ask(token, listQuery, {
      after,
    });
    for (const { uuid, name } of page.nodes) {
      entries.append(element('li', {}, [element('a', { href: `#${uuid}` }, [name])]));
    }
    after = page.pageInfo.endCursor ?? null;
    more.hidden = !page.pageInfo.hasNextPage;
  };
  more.addEventListener('click', () => void attempt(load));
  await load();
  show(list, entries, more);
}

async function showScript(): Promise<void> {
  show(detail);
  const uuid = location.hash.slice(1);
  if (uuid === '') return;
  const { dtraceScript: script } = await ask(token, scriptQuery, { uuid });
  if (!script) return show(detail, 'There is no such script.');
  const isEditable = may(permissions, 'Mutation.setDtraceScriptMetadata', { uuid });
  show(
    detail,
    element('h2', {}, [script.name]),
    element('pre', { id: 'source' }, [script.script]),
    element('h3', {}, ['Configuration']),
    element('pre', {}, [JSON.stringify(script.config, null, 2)]),
    element('h3', {}, [`Metadata, revision ${script.revision}`]),
    element('pre', { id: 'metadata' }, [JSON.stringify(script.metadata, null, 2)]),
    isEditable ? metadataForm(script) : 'You may read this script, but not change it.',
  );
}

function metadataForm({ uuid, revision }: Script): HTMLFormElement {
  const form = element('form', { id: 'edit' }, [
    element('label', {}, ['Keys, separated by / ', element('input', { name: 'path', required: true })]),
    element('label', {}, ['Value, as JSON ', element('input', { name: 'value', required: true })]),
    element('button', {}, ['Set']),
  ]);
  const save = async () => {
    const fields = new FormData(form);
    const path = String(fields.get('path')).split('/');
    const value = readJson(String(fields.get('value')));
    await ask(token, setMetadataMutation, { uuid, path, value, ifRevision: revision });
    await showScript();
    show(notice, 'Saved.');
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(save);
  });
  return form;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('The value is not JSON. Put quotes around a text: "like this".', 'BAD_USER_INPUT');
  }
}

/** Does something, and says in words why when it is refused. What the page shows already stays. */
async function attempt(action: () => Promise<void>): Promise<void> {
  show(notice);
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    show(notice, inWords(error));
  }
}

function inWords({ code, message, permission }: Refusal): string {
  switch (code) {
    case 'FORBIDDEN':
      return `You may not do this. Ask your administrator for the permission ${permission}.`;
    case 'UNAUTHENTICATED':
      return 'This token is not valid, or no longer. Sign in with another one.';
    case 'CONFLICT':
      return 'Somebody has changed this script since you opened it. Open it again, then repeat your change.';
    default:
      return message;
  }
}
