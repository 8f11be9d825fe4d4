import './workers.ts';
import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './page.css';
import { Companion } from './companion.tsx';
import { createFetcher } from './fetcher.ts';
import { NO_DOCUMENTATION_PLUGIN } from './no-documentation.tsx';
import { prepareStoredTab } from './stored-tab.ts';
import { defaultHeaders, welcomeQuery, welcomeVariables } from './welcome.ts';

// The page that `GET /graphql` shows in a browser.
const root = document.getElementById('graphiql') as HTMLElement;
const hasIntrospection = root.dataset.introspection === 'on';
const reference = hasIntrospection ? DOC_EXPLORER_PLUGIN : NO_DOCUMENTATION_PLUGIN;
const isWide = window.matchMedia('(min-width: 900px)').matches;
const linked = new URLSearchParams(location.search);

prepareStoredTab(localStorage, {
  query: welcomeQuery,
  variables: welcomeVariables,
  headers: defaultHeaders,
});
createRoot(root).render(
  <GraphiQL
    fetcher={createFetcher(location.pathname)}
    {...(hasIntrospection ? {} : { schema: null })}
    referencePlugin={reference}
    {...(isWide ? { visiblePlugin: reference } : {})}
    defaultHeaders={defaultHeaders}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders
    {...linkedOperation()}
  >
    <GraphiQL.Logo>
      <span className="gateway-name">DTrace gateway</span>
    </GraphiQL.Logo>
    <GraphiQL.Footer>
      <Companion />
    </GraphiQL.Footer>
  </GraphiQL>,
);

/** An operation that a link brings along: `/graphql?query=…&variables=…`. */
function linkedOperation() {
  const query = linked.get('query');
  const variables = linked.get('variables');
  return query === null ? {} : { initialQuery: query, initialVariables: variables ?? '' };
}
