import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import type { JsonObject } from '../json/json-object.ts';
import type { JsonText } from '../json/json-text.ts';
import type { GatewayContext } from './context.ts';
import { AnyScalar, DateTimeScalar, JsonObjectScalar, JsonScalar, UuidScalar } from './scalars.ts';

/** The types that all files of the schema share. */
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

/** A builder with the scalars, and with the plug-in that adds `@permission` to fields and objects. */
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

/** The permissions that a field or an object requires. The viewer must hold all of them. */
export function permission(...require: string[]): { permission: { require: string[] } } {
  return { permission: { require } };
}

/** Marks a root field as open to callers without a token. A root field needs this mark, a guard or a permission. */
export const openToAll = { public: true } as const;
