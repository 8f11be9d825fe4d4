import { isJsonObject, type JsonObject } from './json-object.ts';

/** Keys from the root of the metadata document inwards. Each names a member of an object, never an array's place. */
export type MetadataPath = readonly string[];

/**
 * The value at a path, or `undefined` where there is none. Only own members of objects are followed: `__proto__`,
 * `constructor` and numbers are keys like any other.
 */
export function valueAt(document: JsonObject, path: MetadataPath): unknown {
  let value: unknown = document;
  for (const key of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/**
 * The shortest part of the path at which something other than an object is in the way of writing at the path, or
 * `undefined` where the way is free (missing objects are no hindrance: they are created).
 */
export function findObstacle(document: JsonObject, path: MetadataPath): MetadataPath | undefined {
  for (let length = 1; length < path.length; length += 1) {
    const value = valueAt(document, path.slice(0, length));
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) return path.slice(0, length);
  }
  return undefined;
}

/** A path as people write it: `jingles.notes`, with quotes where a key needs them. */
export function formatMetadataPath(path: MetadataPath): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join('.');
}
