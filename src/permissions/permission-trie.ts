import { ONE, type Permission, REST } from './permission.ts';

/** In a query, the hole: the segment that only wildcards match, as no grant can name it. */
export const ANY: unique symbol = Symbol('ANY');

/** One step of a query: a literal segment, or the hole. */
export type Segment = string | typeof ANY;

/**
 * A place in the trie of all grants; equal beginnings of grants share it.
 *
 * The trie is read as a nondeterministic automaton: a query is in many states at once, a *set* of them,
 * so that no choice of what a `...` swallows is ever tried twice.
 */
export class TrieState {
  /** By segment; created late, as most states of a large set are leaves. */
  literals: Map<string, TrieState> | undefined = undefined;
  /** After `_`. */
  one: TrieState | undefined = undefined;
  /** After `...`; entered together with this state, as `...` may stand for nothing. */
  rest: TrieState | undefined = undefined;
  /** Whether a grant ends here. */
  ends = false;
  /** Whether this is the state after a `...`, which stays on any segment. */
  readonly stays: boolean;

  constructor(stays = false) {
    this.stays = stays;
  }
}

/** Adds a grant to the trie that begins at `root`. */
export function addGrant(root: TrieState, grant: Permission): void {
  let state = root;
  let restIsDue = false;
  // One or more segments at the end are exactly one, then zero or more: in the trie every `...` is the latter.
  const path = grant.at(-1) === REST ? [...grant.slice(0, -1), ONE, REST] : grant;
  for (const segment of path) {
    // Among neighbouring wildcards the order says nothing, nor does a second `...`. That all such grants
    // share one path, `_` first, keeps the states few in which a query can be.
    if (segment === REST) {
      restIsDue = true;
      continue;
    }
    if (restIsDue && segment !== ONE) {
      state = afterRest(state);
      restIsDue = false;
    }
    state = segment === ONE ? afterOne(state) : afterLiteral(state, segment);
  }
  if (restIsDue) state = afterRest(state);
  state.ends = true;
}

/** The states in which a query is that has come to `state`. */
export function statesAt(state: TrieState): ReadonlySet<TrieState> {
  const states = new Set<TrieState>();
  enter(states, state);
  return states;
}

/**
 * The states after some more segments.
 *
 * Each segment costs a look-up per state. Literals keep the states few, however many grants there are:
 * beside the one literal path there are only the beginnings of grants whose wildcards fit all segments so far.
 */
export function walk(states: ReadonlySet<TrieState>, segments: readonly Segment[]): ReadonlySet<TrieState> {
  let current = states;
  for (const segment of segments) {
    const next = new Set<TrieState>();
    for (const state of current) {
      if (state.stays) enter(next, state);
      enter(next, state.one);
      if (segment !== ANY) enter(next, state.literals?.get(segment));
    }
    current = next;
  }
  return current;
}

/** Whether some grant ends in one of the states. */
export function isEnd(states: ReadonlySet<TrieState>): boolean {
  for (const state of states) if (state.ends) return true;
  return false;
}

function afterOne(state: TrieState): TrieState {
  state.one ??= new TrieState();
  return state.one;
}

function afterRest(state: TrieState): TrieState {
  state.rest ??= new TrieState(true);
  return state.rest;
}

function afterLiteral(state: TrieState, segment: string): TrieState {
  state.literals ??= new Map();
  const known = state.literals.get(segment);
  if (known !== undefined) return known;
  const created = new TrieState();
  state.literals.set(segment, created);
  return created;
}

function enter(states: Set<TrieState>, state: TrieState | undefined): void {
  if (state === undefined) return;
  states.add(state);
  if (state.rest !== undefined) states.add(state.rest);
}
