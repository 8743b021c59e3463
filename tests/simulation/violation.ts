/** A law of the world was broken; the runner prints it with the seed that shows it. */
export class Violation extends Error {
  readonly law: string;

  constructor(law: string, detail: string) {
    super(`${law}: ${detail}`);
    this.name = 'Violation';
    this.law = law;
  }
}

export function hold(law: string, holds: boolean, detail: () => string): asserts holds {
  if (!holds) throw new Violation(law, detail());
}
