import { grownMap, type Lookup } from './growth.ts';
import { formatPermission, type Permission, restWildcard, segmentWildcard } from './permission.ts';

/** In a query, a segment that only wildcards match: no grant can name it. */
export const anySegment: unique symbol = Symbol('anySegment');

/** One segment of a query. */
export type Segment = string | typeof anySegment;

/**
 * A state of the trie of all grants. Grants with the same first segments share states.
 *
 * The trie is a nondeterministic automaton: a query is in a *set* of states at once, so that the segments that a `...`
 * can match are never tried twice.
 */
export interface TrieState {
  /** The next states, by segment. Most states of a large set are leaves. */
  readonly literals: Lookup<TrieState> | undefined;
  /** The state after `_`. */
  readonly one: TrieState | undefined;
  /** The state after `...`. It is entered together with this state, because `...` can match no segment. */
  readonly rest: TrieState | undefined;
  /** The grants that end here, as texts. There can be several: the order of neighbouring wildcards does not matter. */
  readonly ends: readonly string[];
  /** Whether this is the state after a `...`: it matches any further segment. */
  readonly stays: boolean;
}

/** A state of a trie under construction. */
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

/** The measured size of a segment without its text: a state, its map, its entry in a selection. */
const segmentBytes = 250;

/** A text is stored twice, in the grant and in its segments, with up to two bytes a character. */
const characterBytes = 4;

/** Builds the trie of grants. @returns the root, and an upper estimate of its size in memory */
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
 * Unites two tries. They do not change. The result shares the states that are in only one of them, so that the cost depends
 * on the smaller trie only.
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

/** Whether exactly this grant is in the trie. */
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

/** All grants in the trie, as texts. */
export function* grantsIn(state: TrieState): Generator<string> {
  yield* state.ends;
  for (const [, child] of state.literals ?? []) yield* grantsIn(child);
  if (state.one) yield* grantsIn(state.one);
  if (state.rest) yield* grantsIn(state.rest);
}

/** The states of a query that has reached `state`. */
export function statesAt(state: TrieState): ReadonlySet<TrieState> {
  const states = new Set<TrieState>();
  enter(states, state);
  return states;
}

/**
 * The states after more segments.
 *
 * Each segment costs a look-up per state. There are few states, however many grants there are: one for the literal
 * segments, and those of grants whose wildcards match all segments so far.
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

/** Whether a grant ends in one of the states. */
export function isEnd(states: ReadonlySet<TrieState>): boolean {
  for (const state of states) if (state.ends.length > 0) return true;
  return false;
}

/** The steps of a grant through the trie. */
function* stepsOf(grant: Permission): Generator<string> {
  let restIsDue = false;
  // `...` at the end matches one or more segments: that is `_`, then `...`. In the trie every `...` matches zero or more.
  const path = grant.at(-1) === restWildcard ? [...grant.slice(0, -1), segmentWildcard, restWildcard] : grant;
  for (const segment of path) {
    // The order of neighbouring wildcards does not matter, nor does a second `...`. All such grants share one path
    // with `_` first, so that a query has few states.
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
