/** Which columns of a table somebody wants to see. */
export interface Choosable {
  readonly name: string;
  /** Leads to what the row is of: it can't be left out. */
  readonly always?: boolean;
  /** Not shown until it is asked for. */
  readonly aside?: boolean;
}

/** Only what was chosen otherwise than it is at first, by the name of the column. */
export type Choice = Readonly<Record<string, boolean>>;

export const isShown = ({ name, always = false, aside = false }: Choosable, choice: Choice): boolean => always || (choice[name] ?? !aside);

export const toggled = (column: Choosable, choice: Choice): Choice => ({ ...choice, [column.name]: !isShown(column, choice) });

/** Choices as they are kept, by table; what can't be read is as nothing. */
export function choicesFrom(kept: string | null): Readonly<Record<string, Choice>> {
  try {
    const read: unknown = JSON.parse(kept ?? '{}');
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).map(([table, choice]) => [
        table,
        Object.fromEntries(Object.entries(choice ?? {}).filter(([, shown]) => typeof shown === 'boolean')) as Choice,
      ]),
    );
  } catch {
    return {};
  }
}
