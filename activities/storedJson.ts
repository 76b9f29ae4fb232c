import type { ObjectStore } from '#activities/ports/objectStore.ts';

/** Writes a plain value as readable JSON. */
export async function putJson(objects: ObjectStore, key: string, value: unknown): Promise<void> {
  await objects.put(key, new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`), 'application/json');
}

/** Reads what `putJson` wrote. The caller says the type: nothing but our own code writes under its key. */
export async function getJson<T>(objects: ObjectStore, key: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await objects.get(key))) as T;
}
