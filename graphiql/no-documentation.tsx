import { DocsIcon, type GraphiQLPlugin } from '@graphiql/react';

/** Stands in for the documentation where the server keeps its schema to itself. */
export const NO_DOCUMENTATION_PLUGIN: GraphiQLPlugin = {
  title: 'Documentation',
  icon: DocsIcon,
  content: () => (
    <section className="gateway-no-documentation">
      <h2>No documentation here</h2>
      <p>
        Introspection is switched off on this server (<code>INTROSPECTION=off</code>), so there is neither
        documentation nor completion. Operations run as usual.
      </p>
      <p>
        The schema is in the file <code>schema.graphql</code> of the gateway.
      </p>
    </section>
  ),
};
