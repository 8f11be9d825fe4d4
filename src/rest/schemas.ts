import { Ajv, type ErrorObject } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import { BadUserInputError } from '../errors.ts';
import { components } from './components.ts';

const uuid = [8, 4, 4, 4, 12].map((digits) => `[\\da-fA-F]{${digits}}`).join('-');

/** The addresses of the API, in the format of routes. */
export const libraryUrl = '/dtrace';
export const scriptUrl = `/dtrace/:uuid(^${uuid}$)`;
export const metadataUrl = `${scriptUrl}/metadata`;

/** The bodies of routes, by their names in the OpenAPI description. */
export type BodyName = 'NewScript' | 'ScriptChanges' | 'Metadata';

/** Rules that the operations check: they record what they refuse. */
const rulesOfOperations = new Set(['minLength', 'minProperties']);

/**
 * Creates the compiler of the schemas of bodies. A schema checks the names and types of members. Schemas are compiled once,
 * at start.
 */
export function createBodyCheck(): FastifySchemaCompiler<{ readonly $ref: string }> {
  const ajv = new Ajv({ strict: false });
  return ({ schema: { $ref } }) => {
    const name = $ref as BodyName;
    const check = ajv.compile(withoutRules(components.schemas[name]) as object);
    return (body: unknown) => {
      const [error] = check(body) ? [] : (check.errors ?? []);
      return error === undefined ? { value: body } : { error: inWords(error, name) };
    };
  };
}

/** Names the first member that is missing, unknown or has the wrong type. */
function inWords({ keyword, instancePath, params }: ErrorObject, body: BodyName): BadUserInputError {
  switch (keyword) {
    case 'required':
      return new BadUserInputError(params.missingProperty, 'it is missing.');
    case 'additionalProperties': {
      const known = Object.keys(properties(components.schemas[body]) ?? {}).join(', ');
      return new BadUserInputError(params.additionalProperty, `it is unknown here. Known are ${known}.`);
    }
    default: {
      const type = params.type === 'object' ? 'an object' : `a ${params.type}`;
      return new BadUserInputError(instancePath.slice(1), `it must be ${type}.`);
    }
  }
}

function withoutRules(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !rulesOfOperations.has(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, withoutRules(value)]));
}

function properties(schema: { readonly properties?: object } | object): object | undefined {
  return 'properties' in schema ? schema.properties : undefined;
}
