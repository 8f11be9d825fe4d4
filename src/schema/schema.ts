import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, specifiedDirectives } from 'graphql';
import type { Config } from '../config.ts';
import { addAuditEvents } from './audit-events.ts';
import { createBuilder } from './builder.ts';
import { describePermissions } from './describe-permissions.ts';
import { addDtraceScript } from './dtrace-script-type.ts';
import { addEntities } from './entities.ts';
import { addPageInfo } from './page-info.ts';
import { enforcePermissions, permissionDirective } from './permission-directive.ts';
import { addScriptListInputs } from './script-list-arguments.ts';
import { addScriptMutations } from './script-mutations.ts';
import { addScriptQueries } from './script-queries.ts';
import { addSdlQueries } from './sdl-queries.ts';
import { addViewer } from './viewer-query.ts';

/**
 * Creates the schema, and enforces its `@permission` directives.
 *
 * @param sdlAccess - who may read the SDL for gateways; the printed schema does not depend on it
 */
export function createSchema({
  sdlAccess = 'signed-in',
}: Partial<Pick<Config, 'sdlAccess'>> = {}): GraphQLSchema {
  const builder = createBuilder();
  builder.queryType({ description: 'The reads.' });
  builder.mutationType({ description: 'The writes.' });
  const script = addDtraceScript(builder);
  const pageInfo = addPageInfo(builder);
  addScriptQueries(builder, script, addScriptListInputs(builder), pageInfo);
  addScriptMutations(builder, script);
  addViewer(builder);
  addAuditEvents(builder, pageInfo);
  addSdlQueries(builder, sdlAccess);
  addEntities(builder, script);
  const schema = builder.toSchema({ directives: [...specifiedDirectives, permissionDirective] });
  return describePermissions(enforcePermissions(schema));
}

/** The schema as SDL with directives: the contents of `schema.graphql`. */
export function printSdl(schema: GraphQLSchema): string {
  return `${printSchemaWithDirectives(schema).trim()}\n`;
}
