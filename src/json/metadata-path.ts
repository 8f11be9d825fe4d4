import { isJsonObject, type JsonObject } from './json-object.ts';

/** Keys from the root of the metadata to a value. Each key names a member of an object, never an element of an array. */
export type MetadataPath = readonly string[];

/**
 * The value at a path, or `undefined`. Only own members of objects are followed: `__proto__`, `constructor` and numbers are
 * ordinary keys.
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
 * The shortest beginning of the path with a value that is not an object, so that nothing can be written below it. Returns
 * `undefined` if there is none: missing objects are created.
 */
export function findObstacle(document: JsonObject, path: MetadataPath): MetadataPath | undefined {
  for (let length = 1; length < path.length; length += 1) {
    const value = valueAt(document, path.slice(0, length));
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) return path.slice(0, length);
  }
  return undefined;
}

/** A path as text: `jingles.notes`, with quotes around unusual keys. */
export function formatMetadataPath(path: MetadataPath): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join('.');
}
