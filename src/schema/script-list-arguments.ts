import type { DateTimeRange, MetadataCondition, ScriptFilter, ScriptOrder } from '../store/store.ts';
import type { Builder } from './builder.ts';

/** The inputs that the list and the connection share: `filter` and `orderBy`. */
export function addScriptListInputs(builder: Builder) {
  const nameFilter = builder.inputType('DtraceScriptNameFilter', {
    description: 'Conditions on the name, compared letter by letter: case counts.',
    fields: (t) => ({
      equals: t.string({ description: 'The whole name.' }),
      contains: t.string({ description: 'A part of the name.' }),
    }),
  });
  const metadataFilter = builder.inputType('DtraceScriptMetadataFilter', {
    description: 'A condition on one path of the metadata. Give `isSet`, `equals`, or both.',
    fields: (t) => ({
      path: t.stringList({ required: true, description: 'Keys from the root inwards, at least one.' }),
      isSet: t.boolean({ description: 'Whether the path holds something, `null` included.' }),
      equals: t.field({
        type: 'JSON',
        description:
          'The value at the path: the same type and value, objects with the same members in any order.',
      }),
    }),
  });
  const dateTimeRange = builder.inputType('DateTimeRange', {
    description: 'A span of time; all given bounds hold.',
    fields: (t) => ({
      gt: t.field({ type: 'DateTime', description: 'Later than.' }),
      gte: t.field({ type: 'DateTime', description: 'At or later than.' }),
      lt: t.field({ type: 'DateTime', description: 'Earlier than.' }),
      lte: t.field({ type: 'DateTime', description: 'At or earlier than.' }),
    }),
  });
  const filter = builder.inputType('DtraceScriptFilter', {
    description: 'Which scripts to list: those for which all given conditions hold.',
    fields: (t) => ({
      name: t.field({ type: nameFilter, description: 'Conditions on the name.' }),
      metadata: t.field({ type: [metadataFilter], description: 'Conditions on the metadata, at most 20.' }),
      createdAt: t.field({ type: dateTimeRange, description: 'When the script was created.' }),
      updatedAt: t.field({ type: dateTimeRange, description: 'When the script was last written.' }),
    }),
  });
  const orderField = builder.enumType('DtraceScriptOrderField', {
    description: 'What scripts can be ordered by. Scripts alike in it are ordered by their UUID.',
    values: {
      NAME: { value: 'name', description: 'By name, code point by code point.' },
      CREATED_AT: { value: 'createdAt', description: 'By when they were created.' },
      UPDATED_AT: { value: 'updatedAt', description: 'By when they were last written.' },
    } as const,
  });
  const orderDirection = builder.enumType('OrderDirection', {
    description: 'Which way a list runs.',
    values: {
      ASC: { value: 'asc', description: 'Smallest, or earliest, first.' },
      DESC: { value: 'desc', description: 'Largest, or latest, first.' },
    } as const,
  });
  const order = builder.inputType('DtraceScriptOrder', {
    description: 'How to order scripts.',
    fields: (t) => ({
      field: t.field({ type: orderField, required: true, description: 'What to order by.' }),
      direction: t.field({ type: orderDirection, defaultValue: 'asc', description: 'Which way.' }),
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

/** A filter as the store takes it. A condition that is null counts as not given, save a metadata value to equal. */
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

/** An order as the store takes it; by default the oldest script comes first. */
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
