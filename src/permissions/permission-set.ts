import { grownSet } from './growth.ts';
import { checkPermission, type Permission, parsePermission } from './permission.ts';
import {
  anySegment,
  buildTrie,
  grantsIn,
  holdsGrant,
  isEnd,
  type Segment,
  statesAt,
  type TrieState,
  uniteTries,
  walk,
} from './permission-trie.ts';

export type { Segment };
export { anySegment };

/** The permissions of a user: many grants, compiled for fast checks. Immutable, so that requests can share it. */
export interface PermissionSet {
  /** The approximate size in memory, with cached answers. */
  readonly bytes: number;

  /** Every grant as text, sorted by code unit, without duplicates. Built at the first use. */
  readonly granted: readonly string[];

  /** Whether a grant covers the required permission. The required segments are literal. */
  covers(required: Permission): boolean;

  /**
   * The values of `anySegment` for which the permission is covered: `select(['dtrace', anySegment, 'get'])`.
   *
   * `v` is in the answer exactly when `covers(['dtrace', v, 'get'])`. Answers are cached.
   *
   * @returns `'all'` if every value is covered, else the finite set of covered values
   * @throws {TypeError} unless there is exactly one `anySegment`
   */
  select(required: readonly Segment[]): Selection;

  /**
   * Returns a set with more grants, or this set if it has them all. This set does not change. The cost depends on the
   * number of added grants only.
   *
   * @throws {PermissionSyntaxError} for a malformed grant
   */
  extend(granted: Iterable<string>): PermissionSet;
}

/** The permitted values of `anySegment`. */
export type Selection = 'all' | ReadonlySet<string>;

/** Cached answers per set. The schema asks for a few kinds of permission; an answer can contain every script. */
const maxRemembered = 8;

/**
 * Compiles grants.
 *
 * @param granted - texts such as `dtrace->_->get`, or segments; duplicates are allowed
 * @throws {PermissionSyntaxError} for the first malformed grant
 * @throws {TypeError} for one text instead of a list
 */
export function compilePermissions(granted: Iterable<string | Permission>): PermissionSet {
  const { root, bytes } = buildTrie(parseAll(granted));
  return createSet(root, bytes, new Map());
}

/** @param answers - cached answers of `select`, by `keyOf` */
function createSet(root: TrieState, bytes: number, answers: Map<string, Answer>): PermissionSet {
  const start = statesAt(root);
  let granted: readonly string[] | undefined;
  const set: PermissionSet = {
    bytes,
    get granted() {
      granted ??= [...grantsIn(root)].sort();
      return granted;
    },
    covers: (required) => isEnd(walk(start, required)),
    select: (query) => {
      const key = keyOf(query);
      const known = answers.get(key);
      if (known !== undefined) return known.selection;
      const selection = selectFrom(start, query);
      if (answers.size >= maxRemembered) answers.clear();
      answers.set(key, { query, selection });
      return selection;
    },
    extend: (more) => {
      const missing = parseAll(more).filter((grant) => !holdsGrant(root, grant));
      if (missing.length === 0) return set;
      const added = buildTrie(missing);
      return createSet(
        uniteTries(root, added.root),
        bytes + added.bytes,
        new Map(Array.from(answers, ([key, answer]) => [key, withMore(answer, added.root)])),
      );
    },
  };
  return set;
}

interface Answer {
  readonly query: readonly Segment[];
  readonly selection: Selection;
}

/** The answer with the grants of another trie; the same set if nothing is added. */
function withMore({ query, selection }: Answer, added: TrieState): Answer {
  if (selection === 'all') return { query, selection };
  const more = selectFrom(statesAt(added), query);
  return { query, selection: more === 'all' ? 'all' : grownSet(selection, more) };
}

function selectFrom(start: ReadonlySet<TrieState>, query: readonly Segment[]): Selection {
  // Only wildcards match `anySegment` itself, and they match every value.
  if (isEnd(walk(start, query))) return 'all';
  const hole = query.indexOf(anySegment);
  const after = query.slice(hole + 1);
  const values = new Set<string>();
  for (const state of walk(start, query.slice(0, hole))) {
    for (const [value, child] of state.literals ?? []) {
      if (!values.has(value) && isEnd(walk(statesAt(child), after))) values.add(value);
    }
  }
  return values;
}

/** @throws TypeError unless there is exactly one `anySegment` */
function keyOf(query: readonly Segment[]): string {
  const hole = query.indexOf(anySegment);
  if (hole < 0 || hole !== query.lastIndexOf(anySegment)) {
    const holes = query.filter((segment) => segment === anySegment).length;
    throw new TypeError(`Expected exactly one anySegment among the segments to select by, got ${holes}`);
  }
  // In JSON the symbol is null, which differs from every literal. Joined text could not tell "a->b" from two segments.
  return JSON.stringify(query);
}

function parseAll(granted: Iterable<string | Permission>): Permission[] {
  // A text is iterable too: each character would be a grant.
  if (typeof granted === 'string') {
    throw new TypeError(`Expected a list of grants, got the text ${JSON.stringify(granted)}; put it in [ ]`);
  }
  return Array.from(granted, (grant) =>
    typeof grant === 'string' ? parsePermission(grant) : checkPermission(grant),
  );
}
