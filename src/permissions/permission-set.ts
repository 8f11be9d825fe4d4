import { checkPermission, formatPermission, type Permission, parsePermission } from './permission.ts';
import { ANY, addGrant, isEnd, type Segment, statesAt, TrieState, walk } from './permission-trie.ts';

export type { Segment };
export { ANY };

/** What someone may do: many grants, compiled to answer quickly. Immutable, so that requests may share it. */
export interface PermissionSet {
  /** Every grant as text, sorted by code unit, each once. */
  readonly granted: readonly string[];

  /** Whether some grant covers the required permission, which is literal. */
  covers(required: Permission): boolean;

  /**
   * For which values of the hole `ANY` the permission is covered: `select(['dtrace', ANY, 'get'])`.
   *
   * `v` is in the answer exactly when `covers(['dtrace', v, 'get'])`. Answers are remembered.
   *
   * @returns `'all'` when every value is, else the finite set of those that are
   * @throws {TypeError} unless there is exactly one hole
   */
  select(required: readonly Segment[]): Selection;

  /**
   * A set that covers what this one covers or the added grants cover.
   * Costs as much as compiling what was added; this set is neither copied nor changed.
   *
   * @throws {PermissionSyntaxError} for a malformed grant
   */
  extend(granted: Iterable<string>): PermissionSet;
}

/** The values a hole may have. */
export type Selection = 'all' | ReadonlySet<string>;

/** Answers remembered per set, lest queries that hold a caller's text fill the memory. */
const MAX_REMEMBERED = 100;

/**
 * Compiles grants.
 *
 * @param granted - texts such as `dtrace->_->get`, or segments; doubles do no harm
 * @throws {PermissionSyntaxError} for the first malformed grant
 * @throws {TypeError} for one text instead of a list, whose characters would each be taken for a grant
 */
export function compilePermissions(granted: Iterable<string | Permission>): PermissionSet {
  const root = new TrieState();
  const texts = new Set<string>();
  for (const grant of listOf(granted)) {
    const permission = typeof grant === 'string' ? parsePermission(grant) : checkPermission(grant);
    texts.add(formatPermission(permission));
    addGrant(root, permission);
  }

  const start = statesAt(root);
  const covers = (query: readonly Segment[]) => isEnd(walk(start, query));
  const compiled: PermissionSet = {
    granted: [...texts].sort(),
    covers,
    select: remember((query, hole) => {
      // Only wildcards match the hole itself, and what they match they match with any value in its place.
      if (covers(query)) return 'all';
      const after = query.slice(hole + 1);
      const values = new Set<string>();
      for (const state of walk(start, query.slice(0, hole))) {
        for (const [value, child] of state.literals ?? []) {
          if (!values.has(value) && isEnd(walk(statesAt(child), after))) values.add(value);
        }
      }
      return values;
    }),
    extend: (more) => overlay(compiled, compilePermissions(more)),
  };
  return compiled;
}

/** Both sets as one, leaving the large one as it is: a caller's own grants upon those of a large role. */
function overlay(base: PermissionSet, added: PermissionSet): PermissionSet {
  let granted: readonly string[] | undefined;
  return {
    get granted() {
      granted ??= [...new Set([...base.granted, ...added.granted])].sort();
      return granted;
    },
    covers: (required) => base.covers(required) || added.covers(required),
    select: remember((query) => {
      const [some, others] = [base.select(query), added.select(query)];
      if (some === 'all' || others === 'all') return 'all';
      return others.size === 0 ? some : new Set([...some, ...others]);
    }),
    // Adding to what was added keeps it at two sets to ask, however often one extends.
    extend: (more) => overlay(base, compilePermissions([...added.granted, ...listOf(more)])),
  };
}

/** A text is iterable as well, by characters, and many a character is a valid grant. */
function listOf<Grant>(granted: Iterable<Grant>): Iterable<Grant> {
  if (typeof granted !== 'string') return granted;
  throw new TypeError(`Expected a list of grants, got the text ${JSON.stringify(granted)}; put it in [ ]`);
}

function remember(select: (query: readonly Segment[], hole: number) => Selection): PermissionSet['select'] {
  const answers = new Map<string, Selection>();
  return (query) => {
    const hole = query.indexOf(ANY);
    if (hole < 0 || hole !== query.lastIndexOf(ANY)) {
      const holes = query.filter((segment) => segment === ANY).length;
      throw new TypeError(`Expected exactly one ANY among the segments to select by, got ${holes}`);
    }
    // As JSON the hole is null, which no literal is; a join could not tell "a->b" from two segments.
    const key = JSON.stringify(query);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = select(query, hole);
    if (answers.size >= MAX_REMEMBERED) answers.clear();
    answers.set(key, answer);
    return answer;
  };
}
