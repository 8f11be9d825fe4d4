import { DocsIcon, type GraphiQLPlugin } from '@graphiql/react';

/** Stands in for the documentation where the server does not answer introspection. */
export const NO_DOCUMENTATION_PLUGIN: GraphiQLPlugin = {
  title: 'Documentation',
  icon: DocsIcon,
  content: () => (
    <section className="gateway-no-documentation">
      <h2>No documentation here</h2>
      <p>
        This server keeps its schema to itself (<code>INTROSPECTION=off</code>) or runs registered documents
        only (<code>PERSISTED_DOCUMENTS</code>), so there is neither documentation nor completion. Whether an
        operation runs, its answer tells.
      </p>
      <p>
        The schema is in the file <code>schema.graphql</code> of the gateway.
      </p>
    </section>
  ),
};
