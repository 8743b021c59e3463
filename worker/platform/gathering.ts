/** Questions that are asked in one breath, as one: the messages of a batch share a trip to the database and know nothing of it. */

/**
 * Asks `load` once for everything that is asked for before it begins, which is when whoever asks now has had their turn.
 * Nothing is kept: who asks later, hears anew. Where the load fails, everybody who shared it hears so.
 * @returns what `load` has under the key; null where it has nothing
 */
export function gathering<Key, Value>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | null> {
  let open: { readonly keys: Set<Key>; readonly loaded: Promise<ReadonlyMap<Key, Value>> } | null = null;
  const begin = (): NonNullable<typeof open> => {
    const keys = new Set<Key>();
    const loaded = Promise.resolve().then(() => {
      open = null;
      return load([...keys]);
    });
    return { keys, loaded };
  };
  return async (key) => {
    open ??= begin();
    open.keys.add(key);
    return (await open.loaded).get(key) ?? null;
  };
}
