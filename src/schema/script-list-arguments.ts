import type { DateTimeRange, MetadataCondition, ScriptFilter, ScriptOrder } from '../store/store.ts';
import type { Builder } from './builder.ts';

/** The inputs of the list and of the connection: `filter` and `orderBy`. */
export function addScriptListInputs(builder: Builder) {
  const nameFilter = builder.inputType('DtraceScriptNameFilter', {
    description: 'Conditions on the name. Case matters.',
    fields: (t) => ({
      equals: t.string({ description: 'The whole name.' }),
      contains: t.string({ description: 'Any part of the name.' }),
    }),
  });
  const metadataFilter = builder.inputType('DtraceScriptMetadataFilter', {
    description: 'A condition on one metadata path: `isSet`, `equals` or both.',
    fields: (t) => ({
      path: t.stringList({ required: true, description: 'Keys from the root to the value, at least one.' }),
      isSet: t.boolean({ description: 'Whether the path has a value; `null` is a value too.' }),
      equals: t.field({
        type: 'JSON',
        description:
          'The value at the path. Type and value must be equal; members of objects may have any order.',
      }),
    }),
  });
  const dateTimeRange = builder.inputType('DateTimeRange', {
    description: 'A range of time. All given bounds apply.',
    fields: (t) => ({
      gt: t.field({ type: 'DateTime', description: 'After this time.' }),
      gte: t.field({ type: 'DateTime', description: 'At this time or later.' }),
      lt: t.field({ type: 'DateTime', description: 'Before this time.' }),
      lte: t.field({ type: 'DateTime', description: 'At this time or earlier.' }),
    }),
  });
  const filter = builder.inputType('DtraceScriptFilter', {
    description: 'Conditions on scripts. A script must meet all of them.',
    fields: (t) => ({
      name: t.field({ type: nameFilter, description: 'Conditions on the name.' }),
      metadata: t.field({ type: [metadataFilter], description: 'Conditions on the metadata, at most 20.' }),
      createdAt: t.field({ type: dateTimeRange, description: 'The time of creation.' }),
      updatedAt: t.field({ type: dateTimeRange, description: 'The time of the last write.' }),
    }),
  });
  const orderField = builder.enumType('DtraceScriptOrderField', {
    description: 'A field to order scripts by. Scripts with equal values are ordered by UUID.',
    values: {
      NAME: { value: 'name', description: 'By name, in the order of code points.' },
      CREATED_AT: { value: 'createdAt', description: 'By the time of creation.' },
      UPDATED_AT: { value: 'updatedAt', description: 'By the time of the last write.' },
    } as const,
  });
  const orderDirection = builder.enumType('OrderDirection', {
    description: 'The direction of a list.',
    values: {
      ASC: { value: 'asc', description: 'The smallest or earliest first.' },
      DESC: { value: 'desc', description: 'The largest or latest first.' },
    } as const,
  });
  const order = builder.inputType('DtraceScriptOrder', {
    description: 'The order of scripts.',
    fields: (t) => ({
      field: t.field({ type: orderField, required: true, description: 'The field to order by.' }),
      direction: t.field({ type: orderDirection, defaultValue: 'asc', description: 'The direction.' }),
    }),
  });
  return { filter, order };
}

export type ScriptListInputs = ReturnType<typeof addScriptListInputs>;

type Optional<Value> = Value | null | undefined;

export interface FilterInput {
  readonly name?: Optional<{ readonly equals?: Optional<string>; readonly contains?: Optional<string> }>;
  readonly metadata?: Optional<
    readonly {
      readonly path: readonly string[];
      readonly isSet?: Optional<boolean>;
      readonly equals?: unknown;
    }[]
  >;
  readonly createdAt?: Optional<DateTimeRangeInput>;
  readonly updatedAt?: Optional<DateTimeRangeInput>;
}

type DateTimeRangeInput = { readonly [Bound in keyof DateTimeRange]: Optional<Date> };

/** Converts a filter for the store. A condition that is null is ignored, except `equals` on metadata. */
export function toScriptFilter(input: Optional<FilterInput>): ScriptFilter {
  return {
    name: { equals: input?.name?.equals ?? undefined, contains: input?.name?.contains ?? undefined },
    metadata: (input?.metadata ?? []).map(
      (condition): MetadataCondition => ({
        path: condition.path,
        isSet: condition.isSet ?? undefined,
        ...('equals' in condition ? { equals: condition.equals } : {}),
      }),
    ),
    createdAt: toRange(input?.createdAt),
    updatedAt: toRange(input?.updatedAt),
  };
}

export interface OrderInput {
  readonly field: ScriptOrder['field'];
  readonly direction?: Optional<ScriptOrder['direction']>;
}

/** Converts an order for the store. By default the oldest script comes first. */
export function toScriptOrder(input: Optional<OrderInput>): ScriptOrder {
  return { field: input?.field ?? 'createdAt', direction: input?.direction ?? 'asc' };
}

function toRange(range: Optional<DateTimeRangeInput>): DateTimeRange {
  return {
    gt: range?.gt ?? undefined,
    gte: range?.gte ?? undefined,
    lt: range?.lt ?? undefined,
    lte: range?.lte ?? undefined,
  };
}
