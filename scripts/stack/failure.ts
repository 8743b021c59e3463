/** A step that could not be done, in one sentence for the person at the terminal; `detail` is the step's own last words. */
export class Failure extends Error {
  readonly detail: string;
  constructor(sentence: string, detail = '') {
    super(sentence);
    this.name = 'Failure';
    this.detail = detail;
  }
}
