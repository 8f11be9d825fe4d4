import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import type { JsonObject } from '../json/json-object.ts';
import type { JsonText } from '../json/json-text.ts';
import type { GatewayContext } from './context.ts';
import { AnyScalar, DateTimeScalar, JsonObjectScalar, JsonScalar, UuidScalar } from './scalars.ts';

/** The types that every file of the schema builds on. */
export interface SchemaTypes {
  Context: GatewayContext;
  DefaultFieldNullability: false;
  Directives: {
    permission: { locations: 'FIELD_DEFINITION' | 'OBJECT'; args: { require: string[] } };
  };
  Scalars: {
    DateTime: { Input: Date; Output: Date | string };
    ID: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    JSONObject: { Input: JsonObject; Output: JsonObject | JsonText };
    UUID: { Input: string; Output: string };
    _Any: { Input: unknown; Output: unknown };
  };
}

export type Builder = ReturnType<typeof createBuilder>;

/** A builder with the scalars, and with the directives plug-in to put `@permission` where a field asks for it. */
export function createBuilder() {
  const builder = new SchemaBuilder<SchemaTypes>({
    plugins: [DirectivesPlugin],
    directives: { useGraphQLToolsUnorderedDirectives: true },
    defaultFieldNullability: false,
  });
  builder.addScalarType('DateTime', DateTimeScalar);
  builder.addScalarType('JSON', JsonScalar);
  builder.addScalarType('JSONObject', JsonObjectScalar);
  builder.addScalarType('UUID', UuidScalar);
  builder.addScalarType('_Any', AnyScalar);
  return builder;
}

/** What a field or object demands of the viewer: every one of the permissions. */
export function permission(...require: string[]): { permission: { require: string[] } } {
  return { permission: { require } };
}

/** Marks a root field as open to everybody, signed in or not. Without it or a permission the schema is not built. */
export const openToAll = { public: true } as const;
