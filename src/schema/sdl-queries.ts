import type { GraphQLSchema } from 'graphql';
import type { SdlAccess } from '../config.ts';
import type { Builder } from './builder.ts';
import { admittedToSdl, guardedBy } from './field-guard.ts';
import { printFederationSdl, printStitchingSdl } from './gateway-sdl.ts';
import { recordedAs } from './refusals.ts';

/** `_sdl` for stitching gateways and `_service` for federation gateways, each with its own directives. */
export function addSdlQueries(builder: Builder, access: SdlAccess): void {
  const extensions = { ...guardedBy(admittedToSdl(access)), ...recordedAs('GET_SDL') };
  const service = builder.objectRef<GraphQLSchema>('_Service').implement({
    description: 'This service as a subgraph of a federated graph.',
    fields: (t) => ({
      sdl: t.string({
        description: 'The schema in SDL, with the directives of Apollo Federation 2.',
        resolve: once(printFederationSdl),
      }),
    }),
  });

  const stitchingSdl = once(printStitchingSdl);
  builder.queryFields((t) => ({
    _sdl: t.string({
      description:
        'For stitching gateways: the schema in SDL, with stitching directives. The setting `SDL_ACCESS` says who may read it.',
      extensions,
      resolve: (_, __, ___, { schema }) => stitchingSdl(schema),
    }),
    _service: t.field({
      type: service,
      description:
        'For federation gateways: the schema as a subgraph. The setting `SDL_ACCESS` says who may read it.',
      extensions,
      resolve: (_, __, ___, { schema }) => schema,
    }),
  }));
}

/** Prints each schema once. */
function once(print: (schema: GraphQLSchema) => string): (schema: GraphQLSchema) => string {
  const printed = new WeakMap<GraphQLSchema, string>();
  return (schema) => {
    const sdl = printed.get(schema) ?? print(schema);
    printed.set(schema, sdl);
    return sdl;
  };
}
