import type { Builder } from './builder.ts';

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** `PageInfo` of Relay, which every connection has. */
export function addPageInfo(builder: Builder) {
  return builder.objectRef<PageInfo>('PageInfo').implement({
    description: 'Where a page stands in its list.',
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more follow.' }),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
        description: 'Whether the page was asked for with `after`.',
      }),
      startCursor: t.exposeString('startCursor', {
        nullable: true,
        description: 'The place of the first node of the page; `null` when the page is empty.',
      }),
      endCursor: t.exposeString('endCursor', {
        nullable: true,
        description: 'The place of the last node of the page; `null` when the page is empty.',
      }),
    }),
  });
}

/** Where a page stands, by its rows. */
export function pageInfoOf<Row>(
  rows: readonly Row[],
  { hasMore, isFirst }: { readonly hasMore: boolean; readonly isFirst: boolean },
  formatCursor: (row: Row) => string,
): PageInfo {
  const [first] = rows;
  const last = rows.at(-1);
  return {
    hasNextPage: hasMore,
    hasPreviousPage: !isFirst,
    startCursor: first === undefined ? null : formatCursor(first),
    endCursor: last === undefined ? null : formatCursor(last),
  };
}

export type PageInfoRef = ReturnType<typeof addPageInfo>;
