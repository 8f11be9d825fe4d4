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

/** What someone may do: many grants, compiled to answer quickly. Immutable, so that requests may share it. */
export interface PermissionSet {
  /** About how much memory it takes, with all that it remembers. */
  readonly bytes: number;

  /** Every grant as text, sorted by code unit, each once. Put together when it is asked for first. */
  readonly granted: readonly string[];

  /** Whether some grant covers the required permission, which is literal. */
  covers(required: Permission): boolean;

  /**
   * For which values of the hole `anySegment` the permission is covered: `select(['dtrace', anySegment, 'get'])`.
   *
   * `v` is in the answer exactly when `covers(['dtrace', v, 'get'])`. Answers are remembered.
   *
   * @returns `'all'` when every value is, else the finite set of those that are
   * @throws {TypeError} unless there is exactly one hole
   */
  select(required: readonly Segment[]): Selection;

  /**
   * A set that covers what this one covers or the added grants cover: this set itself when it holds them all.
   * Costs as much as what was added, however large this set is, which is neither copied nor changed.
   *
   * @throws {PermissionSyntaxError} for a malformed grant
   */
  extend(granted: Iterable<string>): PermissionSet;
}

/** The values a hole may have. */
export type Selection = 'all' | ReadonlySet<string>;

/** Answers remembered per set: the schema asks for a few kinds of permission, and each answer can name every script. */
const maxRemembered = 8;

/**
 * Compiles grants.
 *
 * @param granted - texts such as `dtrace->_->get`, or segments; doubles do no harm
 * @throws {PermissionSyntaxError} for the first malformed grant
 * @throws {TypeError} for one text instead of a list, whose characters would each be taken for a grant
 */
export function compilePermissions(granted: Iterable<string | Permission>): PermissionSet {
  const { root, bytes } = buildTrie(parseAll(granted));
  return createSet(root, bytes, new Map());
}

/** @param answers - what `select` is known to answer, by `keyOf` */
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

/** What is selected when the grants of a trie are added: the same set when that is the same. */
function withMore({ query, selection }: Answer, added: TrieState): Answer {
  if (selection === 'all') return { query, selection };
  const more = selectFrom(statesAt(added), query);
  return { query, selection: more === 'all' ? 'all' : grownSet(selection, more) };
}

function selectFrom(start: ReadonlySet<TrieState>, query: readonly Segment[]): Selection {
  // Only wildcards match the hole itself, and what they match they match with any value in its place.
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

/** @throws TypeError unless there is exactly one hole */
function keyOf(query: readonly Segment[]): string {
  const hole = query.indexOf(anySegment);
  if (hole < 0 || hole !== query.lastIndexOf(anySegment)) {
    const holes = query.filter((segment) => segment === anySegment).length;
    throw new TypeError(`Expected exactly one anySegment among the segments to select by, got ${holes}`);
  }
  // As JSON the hole is null, which no literal is; a join could not tell "a->b" from two segments.
  return JSON.stringify(query);
}

function parseAll(granted: Iterable<string | Permission>): Permission[] {
  // A text is iterable as well, by characters, and many a character is a valid grant.
  if (typeof granted === 'string') {
    throw new TypeError(`Expected a list of grants, got the text ${JSON.stringify(granted)}; put it in [ ]`);
  }
  return Array.from(granted, (grant) =>
    typeof grant === 'string' ? parsePermission(grant) : checkPermission(grant),
  );
}
