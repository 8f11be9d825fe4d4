import { getDirective, isPromise, MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  DirectiveLocation,
  defaultFieldResolver,
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLDirective,
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { AuditAction } from '../audit/audit-event.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Viewer } from '../identity/viewer.ts';
import { createRefusalFinder, findRefusal } from '../permissions/find-refusal.ts';
import { type Permission, parsePermission } from '../permissions/permission.ts';
import type { GatewayContext } from './context.ts';
import type { FieldGuard } from './field-guard.ts';
import { recordRefusal } from './refusals.ts';

/** The directive in the SDL, which frontends and gateways can read. */
export const permissionDirective = new GraphQLDirective({
  name: 'permission',
  description:
    'The permissions that a caller must hold: all in the list, and all of each repetition. A segment `$name` stands for the argument `name` of the field, or for each of its elements if it is a list. On an object it stands for the field `name`.',
  locations: [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.OBJECT],
  isRepeatable: true,
  args: {
    require: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))),
      description: 'Permissions such as `dtrace->$uuid->get`.',
    },
  },
});

type Field = GraphQLFieldConfig<unknown, GatewayContext, Record<string, unknown>>;
type Resolve = NonNullable<Field['resolve']>;

/** The extension `checkArguments` of a field with a list argument: throws if the whole list is wrong. */
export type ArgumentCheck = (args: Readonly<Record<string, unknown>>, context: GatewayContext) => void;

/**
 * Lets a field answer an interface or union with guarded members: each object is checked by its runtime type. Without
 * this mark such a field is an error, because it may reach guarded objects by mistake.
 */
export const checksMembers = { checkMembers: true } as const;

/**
 * Enforces the `@permission` directives of a schema: wraps every field with the directive, and every field that can answer
 * an object whose type has it. A root field with the mark `guardedBy` is wrapped with that guard.
 *
 * Each refusal is recorded in the audit trail as the action named by `recordedAs`.
 *
 * @throws Error when a root field has neither the directive nor the mark `openToAll` or `guardedBy`
 * @throws Error when a guarded field or object has no `recordedAs`
 * @throws Error when there is no argument or field for a `$name`
 * @throws Error when a field without the mark `checksMembers` answers an interface or union with guarded members
 */
export function enforcePermissions(schema: GraphQLSchema): GraphQLSchema {
  const roots = new Set(
    [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map((type) => type?.name),
  );
  const guardedObjects = new Map(
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .map((type): [GraphQLObjectType, Permission[]] => [
        type,
        readRequirements(schema, type, type.name, Object.keys(type.getFields())),
      ])
      .filter(([, requirements]) => requirements.length > 0)
      .map(([type, requirements]): [string, Demand] => [
        type.name,
        { requirements, action: actionOf(type, type.name) },
      ]),
  );

  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config: Field, fieldName, typeName) => {
      const at = `${typeName}.${fieldName}`;
      const requirements = readRequirements(schema, config, at, Object.keys(config.args ?? {}));
      for (const segment of requirements.flat()) expectRequired(config, segment, at);
      const fieldGuard = config.extensions?.guard as FieldGuard | undefined;
      const isExcepted = config.extensions?.public === true || fieldGuard !== undefined;
      if (roots.has(typeName) && requirements.length === 0 && !isExcepted) {
        throw new Error(
          `${at} says nothing about who may use it: give it @permission, or mark it as open to all.`,
        );
      }
      const type = getNamedType(config.type);
      const checkMembers = config.extensions?.checkMembers === true;
      if (isAbstractType(type) && !checkMembers) {
        const hidden = schema.getPossibleTypes(type).find(({ name }) => guardedObjects.has(name));
        if (hidden)
          throw new Error(`${at} reaches ${hidden.name} through ${type.name}, where nothing guards it.`);
      }
      const guard = guardedObjects.get(type.name);
      const isChecked = guard !== undefined || (isAbstractType(type) && checkMembers);
      const isGuarded = requirements.length > 0 || fieldGuard !== undefined;
      if (!isChecked && !isGuarded) return config;
      let resolve: Resolve = config.resolve ?? defaultFieldResolver;
      if (guard) resolve = guardResult(resolve, () => guard);
      else if (isAbstractType(type) && checkMembers)
        resolve = guardResult(resolve, memberGuard(type, guardedObjects));
      resolve = guardEntrance(resolve);
      const guarded = { ...config, resolve };
      // A refused caller must not open the source of a subscription either.
      if (config.subscribe && isGuarded) guarded.subscribe = guardEntrance(config.subscribe);
      return guarded;

      function guardEntrance(entrance: Resolve): Resolve {
        if (!isGuarded) return entrance;
        const action = actionOf(config, at);
        const inner =
          requirements.length > 0 ? guardField(entrance, { requirements, action }, config, at) : entrance;
        return fieldGuard ? guardByFunction(inner, fieldGuard, action) : inner;
      }
    },
  });
}

function readRequirements(
  schema: GraphQLSchema,
  node: Parameters<typeof getDirective>[1],
  at: string,
  variables: readonly string[],
): Permission[] {
  const directives = getDirective(schema, node, permissionDirective.name) ?? [];
  const requirements = directives.flatMap((directive) => directive.require as string[]).map(parsePermission);
  for (const segment of requirements.flat()) {
    if (segment.startsWith('$') && !variables.includes(segment.slice(1))) {
      throw new Error(
        `@permission of ${at}: "${segment}" stands for nothing; there are ${variables.join(', ')}.`,
      );
    }
  }
  return requirements;
}

/** Checks before the field is resolved, so that a refusal does not tell what exists. */
function guardField(resolve: Resolve, { requirements, action }: Demand, config: Field, at: string): Resolve {
  const lists = requirements.flat().filter((segment) => isListArgument(config, segment));
  const list = lists[0]?.slice(1);
  if (list === undefined) {
    return (source, args, context, info) => {
      const refusal = findRefusal(context.viewer, requirements, args);
      if (refusal) throw recordRefusal(refusal, action, context);
      return resolve(source, args, context, info);
    };
  }
  if (new Set(lists).size > 1 || !isListOfNullable(config.type)) {
    throw new Error(
      `@permission of ${at}: "$${list}" is a list, so the field must answer a list of nullable elements.`,
    );
  }
  const checkArguments = config.extensions?.checkArguments as ArgumentCheck | undefined;
  return async (source, args, context, info) => {
    if (context.viewer === null) throw new UnauthenticatedError();
    // The resolver sees only what is allowed, so limits on the list itself are checked here.
    checkArguments?.(args, context);
    const elements = args[list] as readonly unknown[];
    const values = { ...args };
    const find = createRefusalFinder(context.viewer, requirements);
    let isRefused = false;
    const refusals = elements.map((element) => {
      values[list] = element;
      const refusal = find(values);
      if (refusal) isRefused = true;
      return refusal && recordRefusal(refusal, action, context);
    });
    const allowed = isRefused ? elements.filter((_, index) => refusals[index] === undefined) : elements;
    const answers = (await resolve(
      source,
      { ...args, [list]: allowed },
      context,
      info,
    )) as readonly unknown[];
    if (answers.length !== allowed.length) throw new Error(`${at} did not answer position for position.`);
    if (!isRefused) return answers;
    let next = 0;
    return refusals.map((refusal) => refusal ?? answers[next++]);
  };
}

/** Calls a guard function before the field is resolved. */
function guardByFunction(resolve: Resolve, guard: FieldGuard, action: AuditAction): Resolve {
  return (source, args, context, info) => {
    const refusal = guard(context);
    if (refusal) throw recordRefusal(refusal, action, context);
    return resolve(source, args, context, info);
  };
}

/** The permissions that a field or an object requires, and the action of a refusal. */
interface Demand {
  readonly requirements: readonly Permission[];
  readonly action: AuditAction;
  /** The finder of the last caller. */
  last?: { readonly viewer: Viewer | null; readonly find: ReturnType<typeof createRefusalFinder> };
}

/** Finds what an object requires; `undefined` if it is not guarded. */
type ObjectGuard = (
  value: unknown,
  context: GatewayContext,
  info: GraphQLResolveInfo,
) => Demand | undefined | Promise<Demand | undefined>;

/** Finds the type of an object as the executor does, and what that type requires. */
function memberGuard(type: GraphQLAbstractType, guardedObjects: ReadonlyMap<string, Demand>): ObjectGuard {
  return (value, context, info) => {
    const name = (type.resolveType ?? defaultTypeResolver)(value, context, info, type);
    return isPromise(name) ? name.then(demandOf) : demandOf(name);
  };

  function demandOf(name: string | undefined): Demand | undefined {
    return guardedObjects.get(name ?? '');
  }
}

/** Checks every object that a field answers, also in nested lists. A refused object becomes an error in its place. */
function guardResult(resolve: Resolve, guard: ObjectGuard): Resolve {
  return (source, args, context, info) => {
    const result = resolve(source, args, context, info);
    return isPromise(result)
      ? result.then((value) => check(value, context, info))
      : check(result, context, info);
  };

  function check(value: unknown, context: GatewayContext, info: GraphQLResolveInfo): unknown {
    if (value === null || value === undefined || value instanceof Error) return value;
    if (Array.isArray(value)) return value.map((element) => checkElement(element, context, info));
    const demand = guard(value, context, info);
    return isPromise(demand)
      ? demand.then((known) => judge(value, known, context))
      : judge(value, demand, context);
  }

  function checkElement(element: unknown, context: GatewayContext, info: GraphQLResolveInfo): unknown {
    return isPromise(element)
      ? element.then((value) => check(value, context, info))
      : check(element, context, info);
  }
}

function judge(value: unknown, demand: Demand | undefined, context: GatewayContext): unknown {
  if (demand === undefined) return value;
  const refusal = finderOf(demand, context)(value as Record<string, unknown>);
  return refusal === undefined ? value : recordRefusal(refusal, demand.action, context);
}

/** The objects of a list have the same demand and mostly the same caller, so the finder is kept. */
function finderOf(demand: Demand, { viewer }: GatewayContext): ReturnType<typeof createRefusalFinder> {
  const known = demand.last;
  if (known !== undefined && known.viewer === viewer) return known.find;
  const find = createRefusalFinder(viewer, demand.requirements);
  demand.last = { viewer, find };
  return find;
}

function actionOf({ extensions }: Pick<Field, 'extensions'>, at: string): AuditAction {
  const action = extensions?.action;
  if (action === undefined) throw new Error(`${at} does not say as what its refusals are recorded.`);
  return action as AuditAction;
}

/** An argument that may be left out would put the text `undefined` into the permission. */
function expectRequired({ args = {} }: Field, segment: string, at: string): void {
  const argument = segment.startsWith('$') ? args[segment.slice(1)] : undefined;
  if (argument !== undefined && !isNonNullType(argument.type)) {
    throw new Error(`@permission of ${at}: "${segment}" may be left out; make the argument required.`);
  }
}

function isListArgument({ args = {} }: Field, segment: string): boolean {
  const argument = segment.startsWith('$') ? args[segment.slice(1)] : undefined;
  return argument !== undefined && isListType(getNullableType(argument.type));
}

function isListOfNullable(type: GraphQLOutputType): boolean {
  const list = getNullableType(type);
  return isListType(list) && !isNonNullType(list.ofType);
}
