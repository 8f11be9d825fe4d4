import type { Builder } from './builder.ts';

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** Relay's `PageInfo`, a part of every connection. */
export function addPageInfo(builder: Builder) {
  return builder.objectRef<PageInfo>('PageInfo').implement({
    description: 'The position of a page in its list.',
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there is a next page.' }),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
        description: 'Whether the request had `after`.',
      }),
      startCursor: t.exposeString('startCursor', {
        nullable: true,
        description: 'The cursor of the first node; `null` if the page is empty.',
      }),
      endCursor: t.exposeString('endCursor', {
        nullable: true,
        description: 'The cursor of the last node; `null` if the page is empty.',
      }),
    }),
  });
}

/** The `PageInfo` of a page of rows. */
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
