import { grownMap, type Lookup } from './growth.ts';
import { formatPermission, type Permission, restWildcard, segmentWildcard } from './permission.ts';

/** In a query, the hole: the segment that only wildcards match, as no grant can name it. */
export const anySegment: unique symbol = Symbol('anySegment');

/** One step of a query: a literal segment, or the hole. */
export type Segment = string | typeof anySegment;

/**
 * A place in the trie of all grants; equal beginnings of grants share it.
 *
 * The trie is read as a nondeterministic automaton: a query is in many states at once, a *set* of them,
 * so that no choice of what a `...` swallows is ever tried twice.
 */
export interface TrieState {
  /** By segment; most states of a large set are leaves. */
  readonly literals: Lookup<TrieState> | undefined;
  /** After `_`. */
  readonly one: TrieState | undefined;
  /** After `...`; entered together with this state, as `...` may stand for nothing. */
  readonly rest: TrieState | undefined;
  /** The grants that end here, as texts: mostly one, for wildcards in another order are the same grant. */
  readonly ends: readonly string[];
  /** Whether this is the state after a `...`, which stays on any segment. */
  readonly stays: boolean;
}

/** A state of a trie that is being built. */
class GrowingState implements TrieState {
  literals: Map<string, GrowingState> | undefined = undefined;
  one: GrowingState | undefined = undefined;
  rest: GrowingState | undefined = undefined;
  ends: readonly string[] = nothing;
  readonly stays: boolean;

  constructor(stays = false) {
    this.stays = stays;
  }
}

const nothing: readonly string[] = [];

/** What a segment of a grant takes besides its text, as measured: a state, its map, its place in what is selected. */
const segmentBytes = 250;

/** Of a text, which is held twice: in the grant and in its segments, each perhaps with two bytes a character. */
const characterBytes = 4;

/** The trie of some grants. @returns also about how much memory it takes, rather too much than too little */
export function buildTrie(grants: Iterable<Permission>): {
  readonly root: TrieState;
  readonly bytes: number;
} {
  const root = new GrowingState();
  let bytes = 0;
  for (const grant of grants) {
    let state = root;
    for (const step of stepsOf(grant)) state = enterStep(state, step);
    const text = formatPermission(grant);
    if (state.ends.includes(text)) continue;
    state.ends = state.ends === nothing ? [text] : [...state.ends, text];
    bytes += grant.length * segmentBytes + text.length * characterBytes;
  }
  return { root, bytes };
}

/**
 * The trie of the grants of two tries, which stay as they are. It shares with them what is not on the way to a grant of
 * both, so that it costs as much as the smaller one is large.
 */
export function uniteTries(large: TrieState, small: TrieState): TrieState {
  return {
    literals: uniteLiterals(large.literals, small.literals),
    one: uniteStates(large.one, small.one),
    rest: uniteStates(large.rest, small.rest),
    ends: [...large.ends, ...small.ends.filter((text) => !large.ends.includes(text))],
    stays: large.stays,
  };
}

/** Whether a grant is in the trie, as it is written. */
export function holdsGrant(root: TrieState, grant: Permission): boolean {
  let state: TrieState | undefined = root;
  for (const step of stepsOf(grant)) {
    state =
      step === segmentWildcard
        ? state?.one
        : step === restWildcard
          ? state?.rest
          : state?.literals?.get(step);
  }
  return state?.ends.includes(formatPermission(grant)) ?? false;
}

/** Every grant in the trie, as text. */
export function* grantsIn(state: TrieState): Generator<string> {
  yield* state.ends;
  for (const [, child] of state.literals ?? []) yield* grantsIn(child);
  if (state.one) yield* grantsIn(state.one);
  if (state.rest) yield* grantsIn(state.rest);
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
      if (segment !== anySegment) enter(next, state.literals?.get(segment));
    }
    current = next;
  }
  return current;
}

/** Whether some grant ends in one of the states. */
export function isEnd(states: ReadonlySet<TrieState>): boolean {
  for (const state of states) if (state.ends.length > 0) return true;
  return false;
}

/** The way of a grant through the trie. */
function* stepsOf(grant: Permission): Generator<string> {
  let restIsDue = false;
  // One or more segments at the end are exactly one, then zero or more: in the trie every `...` is the latter.
  const path = grant.at(-1) === restWildcard ? [...grant.slice(0, -1), segmentWildcard, restWildcard] : grant;
  for (const segment of path) {
    // Among neighbouring wildcards the order says nothing, nor does a second `...`. That all such grants
    // share one path, `_` first, keeps the states few in which a query can be.
    if (segment === restWildcard) {
      restIsDue = true;
      continue;
    }
    if (restIsDue && segment !== segmentWildcard) {
      yield restWildcard;
      restIsDue = false;
    }
    yield segment;
  }
  if (restIsDue) yield restWildcard;
}

function enterStep(state: GrowingState, step: string): GrowingState {
  if (step === segmentWildcard) {
    state.one ??= new GrowingState();
    return state.one;
  }
  if (step === restWildcard) {
    state.rest ??= new GrowingState(true);
    return state.rest;
  }
  state.literals ??= new Map();
  let next = state.literals.get(step);
  if (next === undefined) {
    next = new GrowingState();
    state.literals.set(step, next);
  }
  return next;
}

function uniteStates(large: TrieState | undefined, small: TrieState | undefined): TrieState | undefined {
  return large && small ? uniteTries(large, small) : (large ?? small);
}

function uniteLiterals(large: TrieState['literals'], small: TrieState['literals']): TrieState['literals'] {
  if (!large || !small) return large ?? small;
  const changed = Array.from(small, ([segment, state]): [string, TrieState] => {
    const known = large.get(segment);
    return [segment, known ? uniteTries(known, state) : state];
  });
  return grownMap(large, changed);
}

function enter(states: Set<TrieState>, state: TrieState | undefined): void {
  if (state === undefined) return;
  states.add(state);
  if (state.rest !== undefined) states.add(state.rest);
}
